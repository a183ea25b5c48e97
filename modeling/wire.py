"""Reading a request and writing an answer: JSON bytes, one per item, errors in place."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from modeling.errors import RequestError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def read_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object; RequestError 400 for anything else (NaN and Infinity are not JSON)."""

    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not a JSON number")

    try:
        value = json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise RequestError(400, f"The request is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise RequestError(400, "The request must be a JSON object.")
    return value


def write_answer(model: str, identity: str, body: Mapping[str, Any]) -> bytes:
    """The answer with the name of the model and the first 12 digits of its bundle. NaN raises ValueError."""
    answer = {"model": model, "bundle": identity[:12], **body}
    return json.dumps(answer, allow_nan=False, separators=(",", ":")).encode()


def each_in_place(work: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer | RequestError]:
    """`work` on every item; a RequestError becomes that item's answer, so one bad item does not sink a batch."""
    answers: list[Answer | RequestError] = []
    for item in items:
        try:
            answers.append(work(item))
        except RequestError as error:
            answers.append(error)
    return answers
