"""How a fact is put to the model: one instruction, three examples, one fact. One sentence is asked for at a time,

because a model this small keeps hold of a single fact and loses the thread of a page."""

INSTRUCTION = (
    "You rewrite one fact about a person's music listening as one short, warm sentence to that person. "
    "Use only what the fact says."
)
EXAMPLES = (
    ("In May 2023 you listened to 312 tracks.", "May 2023 was full of music, with 312 tracks."),
    ("Your most played artist was Anna Vell, with 48 listens.", "Nobody was closer to you than Anna Vell: 48 listens."),
    ("Your busiest day was 7 May 2023, with 61 listens.", "The music hardly stopped on 7 May 2023, with 61 listens."),
)
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
