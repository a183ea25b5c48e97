"""Is a sentence true of its fact? A sentence passes only if everything it states is in the fact; in doubt it does not.

1. Every name, date and number-with-unit of the fact is there, letter by letter, exactly once.
2. Once these are taken out, no digit, no number word and no capitalised word is left.
3. Every other word is one of the fact's own or one of a short list of words that state nothing by themselves.

A small language model invents freely; the third rule is what catches "on a rainy Tuesday" and "more than ever".
"""

import re
import unicodedata

from platform_api.services.ai_agent.sheet import Fact

LONGEST = 300
PLACE = "\x00"
_QUOTES = str.maketrans("", "", '“”„"')
"""Whoever writes a title with other quotation marks, or none, says the same."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_EMPTY_WORDS = frozenset(
    _WORD.findall("""
    a an the this that these those it its you your yours
    is was were are be been has had have with and of in on at to for by there here
    music listening song songs listen listened heard hear played play
    just all together""")
)
"""Words that state nothing by themselves. No negation, comparison, number, feeling or time is among them."""
_NUMBER_WORDS = frozenset(
    _WORD.findall("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million
    millions dozen dozens half third quarter once twice thrice double triple couple several few both single
    second""")
)


def refusal(sentence: str, fact: Fact) -> str | None:
    """Why the sentence may not be told, for the log; None when everything in it comes from the fact."""
    text = " ".join(unicodedata.normalize("NFC", sentence).split())
    if not text or len(text) > LONGEST or not text.endswith("."):
        return "not one plain sentence"
    rest, trouble = _without_stated(text, fact)
    if trouble is not None:
        return trouble
    return _digits(rest) or _words(rest, fact)


def _without_stated(text: str, fact: Fact) -> tuple[str, str | None]:
    """The sentence with the fact's own statements taken out, or what is wrong with them."""
    # Longest first: "Salt" may be a track inside the name of another one.
    stated = [(name.translate(_QUOTES), re.NOFLAG) for name in fact.names]
    stated += [(measure, re.IGNORECASE) for measure in fact.measures]
    text = text.translate(_QUOTES)
    for phrase, flags in sorted(stated, key=lambda each: -len(each[0])):
        text, found = re.subn(_whole(phrase), PLACE, text, flags=flags)
        if found != 1:
            return text, f"{phrase!r} is there {found} times"
    for phrase in fact.optional:
        text, found = re.subn(_whole(phrase), PLACE, text, flags=re.IGNORECASE)
        if found > 1:
            return text, f"{phrase!r} is there {found} times"
    return text, None


def _whole(phrase: str) -> str:
    """The phrase, not as a part of a longer word or number."""
    return rf"(?<![\w,.:]){re.escape(phrase)}(?!\w|[,.:]\d)"


def _digits(rest: str) -> str | None:
    return "a number that is not in the fact" if any(letter.isnumeric() for letter in rest) else None


def _words(rest: str, fact: Fact) -> str | None:
    words = list(_WORD.finditer(rest))
    spoken = [match.group().casefold() for match in words]
    own = _words_of(fact)
    for match, word in zip(words, spoken, strict=True):
        if word in _NUMBER_WORDS and word not in own:
            return f"the number {word!r} is not in the fact"
        if match.group() != word and match.start() > 0 and match.group() not in fact.sentence:
            return f"the name {match.group()!r} is not in the fact"
        if word not in own and word not in _EMPTY_WORDS:
            return f"{word!r} is not in the fact"
    if missing := set(fact.gist) - set(spoken):
        return f"without {sorted(missing)} it says something else"
    return None


def _words_of(fact: Fact) -> set[str]:
    rest, _ = _without_stated(fact.sentence, fact)
    return {word.casefold() for word in _WORD.findall(rest)}
