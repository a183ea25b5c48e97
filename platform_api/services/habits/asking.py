"""Asking the habit model where more was played than is told one by one."""

from collections.abc import Callable, Sequence

from platform_api.crud.earlier import Stretch
from platform_api.services.habits import wire
from platform_api.services.inference.client import Answered, InferenceClient
from platform_api.services.inference.errors import RequestRefused


def ask_with_earlier(
    inference: InferenceClient,
    body: Callable[[Sequence[Stretch]], bytes],
    earlier: Callable[[], Sequence[Stretch]],
    check: Callable[[wire.Habits], None],
) -> Answered[wire.Habits]:
    """`body` makes the request from the sessions before the plays. Raises ModelUnavailable."""
    try:
        return inference.ask(wire.MODEL, lambda: body(earlier()), wire.Habits, check=check)
    except RequestRefused:
        if not earlier():
            raise
        # a version that was made before there was `earlier`
        return inference.ask(wire.MODEL, lambda: body(()), wire.Habits, check=check)
