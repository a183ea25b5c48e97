"""A fact as the narrator is told it and as its sentence is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Fact:
    """One fact of a story. Everything that a sentence about it may state is here, and nothing else is true."""

    key: str
    label: str
    """What the value is, for the list of facts beside the story."""
    value: str
    sentence: str
    """The fact, plainly: what the narrator is told, and the first way of the template to say it."""
    paragraph: int
    others: tuple[str, ...] = ()
    """Other ways of the template to say the same."""
    names: tuple[str, ...] = ()
    """Proper names and dates that a sentence about this fact must hold, letter by letter. A track and its artist are
    one name, "“Creep” by Radiohead": apart, they could change places."""
    measures: tuple[str, ...] = ()
    """Numbers with their units, likewise; upper and lower case are the same here."""
    gist: tuple[str, ...] = ()
    """Words without which the sentence would state something else."""
    optional: tuple[str, ...] = ()
    """Phrases that may be there: the span."""
    looks_back: bool = False
    """Made from plays before the span too."""

    @property
    def also(self) -> list[str]:
        """What else than its value a sentence about it may state."""
        return [phrase for phrase in (*self.names, *self.measures, *self.optional) if phrase not in self.value]


@dataclass(frozen=True)
class FactSheet:
    """The facts of one span, in the order they are told."""

    span: str
    first_day: date
    last_day: date
    spoken_span: str
    facts: tuple[Fact, ...]
    told_on: date | None = None
    """The listener's day on which the facts were counted; sheets kept by older releases do not say it."""

    def as_json(self) -> dict[str, Any]:
        content: dict[str, Any] = _SHEET.dump_python(self, mode="json")
        return content

    @staticmethod
    def from_json(content: object) -> "FactSheet":
        """Raises pydantic's ValidationError for anything that `as_json` did not make."""
        return _SHEET.validate_python(content)


_SHEET = TypeAdapter(FactSheet)


def paragraphs_of(facts: Sequence[Fact]) -> list[list[Fact]]:
    """The facts by paragraph, in order."""
    numbers = sorted({fact.paragraph for fact in facts})
    return [[fact for fact in facts if fact.paragraph == number] for number in numbers]
