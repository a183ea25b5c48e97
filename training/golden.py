"""The golden request: asked of a served version before anybody else may ask it, and compared with its sealed answer."""

import base64
import json
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modeling.bundle import GOLDEN
from training.model_server import ModelServer

_TIMED_REQUESTS = 5


class WrongAnswer(Exception):
    """The served version does not answer its golden request as it was sealed."""


@dataclass(frozen=True)
class Golden:
    """A request and the answer that the bundle gave when it was sealed."""

    request: bytes
    answer: dict[str, Any]
    tolerance: float

    @classmethod
    def of(cls, archive: Path) -> "Golden":
        with zipfile.ZipFile(archive) as file:
            content = json.loads(file.read(GOLDEN))
        return cls(base64.b64decode(content["request"]), content["answer"], content["tolerance"])

    def ask(self, server: ModelServer, model: str, version: str, bundle: str) -> float:
        """Ask one served version and return the least seconds of an answer, the first one not counted.

        The least and not the median: a busy machine must not look like a slow model.

        Raises WrongAnswer when the status, the bundle's identity or any value differs.
        """
        first = server.predict(model, version, self.request)
        if first.status != 200:
            raise WrongAnswer(
                f"the golden request got status {first.status}: {first.body[:200].decode(errors='replace')}"
            )
        try:
            answer = json.loads(first.body)
        except ValueError as error:
            raise WrongAnswer(f"the answer is not JSON: {error}") from error
        if not isinstance(answer, dict) or answer.pop("bundle", None) != bundle[:12]:
            raise WrongAnswer("the answer does not come from this bundle")
        if difference := first_difference(self.answer, answer, self.tolerance):
            raise WrongAnswer(f"the golden answer differs at {difference}")
        return min(server.predict(model, version, self.request).seconds for _ in range(_TIMED_REQUESTS))


def first_difference(expected: Any, given: Any, tolerance: float, place: str = "answer") -> str | None:
    """Where two JSON values differ by more than `tolerance` (absolute, for numbers), or None.

    >>> first_difference({"a": [1.0, 2]}, {"a": [1.0005, 2]}, 1e-3) is None
    True
    >>> first_difference({"a": [1.0, "x"]}, {"a": [1.0, "y"]}, 1e-3)
    "answer.a[1]: 'y' instead of 'x'"
    """
    if isinstance(expected, dict) and isinstance(given, dict) and expected.keys() == given.keys():
        found = (first_difference(expected[key], given[key], tolerance, f"{place}.{key}") for key in expected)
        return next((each for each in found if each), None)
    if isinstance(expected, list) and isinstance(given, list) and len(expected) == len(given):
        pairs = enumerate(zip(expected, given, strict=True))
        found = (first_difference(old, new, tolerance, f"{place}[{index}]") for index, (old, new) in pairs)
        return next((each for each in found if each), None)
    if _is_number(expected) and _is_number(given):
        return None if abs(expected - given) <= tolerance else f"{place}: {given} instead of {expected}"
    return None if expected == given else f"{place}: {given!r:.80} instead of {expected!r:.80}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
