"""Why a model gave no usable answer. Services catch these and answer more plainly; they never reach a listener raw."""

from typing import Literal

Outcome = Literal["unpublished", "away", "late", "rejected", "refused"]

_DETAILS: dict[Outcome, str] = {
    "unpublished": "This model has not been trained yet.",
    "away": "The model server is not answering right now.",
    "late": "The model took too long to answer.",
    "rejected": "The model's answer did not hold up to our checks, so it was set aside.",
    "refused": "The model could not work with this history.",
}


class ModelUnavailable(Exception):
    """No usable answer. `detail` is one plain sentence for the listener, the message is for the log."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome: Outcome = outcome
        self.detail = _DETAILS[outcome]


class ModelFailed(ModelUnavailable):
    """The model or its server misbehaved: after several of these in a row it is left alone for a while."""


class RequestRefused(ModelUnavailable):
    """The model is well but refuses this one request (status 4xx): no reason to stop asking it about others."""

    def __init__(self, message: str, sentence: str | None = None) -> None:
        super().__init__("refused", message)
        self.sentence = sentence or self.detail
