"""Words that people write: one rule for all of them.

Stored in NFC, trimmed, exactly as written otherwise: emoji, right-to-left scripts and combining marks round-trip.
Refused are characters that nobody can see and that are used to deceive: control characters (but line breaks and tabs in
long texts), bidirectional overrides and isolates, invisible operators and zero-width spaces. Joiners stay: emoji and
several scripts need them. What is shown is JSON text, never markup, so nothing is escaped here.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
DECEIVING = {*range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x200B, 0xFEFF, 0x180E, 0x115F, 0x1160, 0x3164, 0xFFA0}


def tidy_line(text: str) -> str:
    """One line. Raises ValueError for an invisible or control character."""
    tidy = unicodedata.normalize("NFC", text).strip()
    if any(ord(letter) in DECEIVING or unicodedata.category(letter) in UNPRINTABLE for letter in tidy):
        raise ValueError("it holds a character that cannot be seen")
    return tidy


def tidy_text(text: str) -> str:
    """Several lines. Raises ValueError for an invisible or control character."""
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join(tidy_line(line) for line in lines).strip()


Name = Annotated[str, AfterValidator(tidy_line), StringConstraints(min_length=1, max_length=80)]
ShortText = Annotated[str, AfterValidator(tidy_text), StringConstraints(max_length=500)]
PostText = Annotated[str, AfterValidator(tidy_text), StringConstraints(max_length=2000)]
