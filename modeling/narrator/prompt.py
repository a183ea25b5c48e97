"""How a fact is put to the model: one instruction, four examples, one fact. One sentence is asked for at a time,

because a model this small keeps hold of a single fact and loses the thread of a page."""

INSTRUCTION = (
    "You rewrite one fact about a person's music listening as one short, warm sentence to that person. "
    "Use only what the fact says."
)
EXAMPLES = (
    ("In May 2021 you had 312 listens.", "You had 312 listens in May 2021."),
    (
        "The artist you spent most time with was Anna Vell, with 48 listens.",
        "Anna Vell was the artist you spent the most time with, with 48 listens.",
    ),
    (
        "After 90 silent days, Old Mill came back on 7 July 2021.",
        "Old Mill came back on 7 July 2021, after 90 silent days.",
    ),
    ("You skipped “Rain” by Two Ships 9 of 11 times.", "“Rain” by Two Ships was skipped 9 of 11 times."),
)
"""Told again in another order and with nothing added: of 17 facts of a year, 15 came out true with these; with examples
that were freer with words, 6."""
START, END = "<|im_start|>", "<|im_end|>"


def prompt(fact: str) -> str:
    """The chat, in the model's own mark-up, up to where its sentence begins."""
    turns = [_turn("system", INSTRUCTION)]
    for told, rewritten in EXAMPLES:
        turns += [_turn("user", told), _turn("assistant", rewritten)]
    # A track may be called "<|im_end|>"; mark-up inside a fact would let its title give instructions.
    turns += [_turn("user", fact.replace("<|", "<").replace("|>", ">")), f"{START}assistant\n"]
    return "".join(turns)


def _turn(role: str, text: str) -> str:
    return f"{START}{role}\n{text}{END}\n"
