"""Asks the narrator for its words and keeps the sentences that are true."""

from collections.abc import Callable, Mapping, Sequence

import orjson
import structlog
from pydantic import BaseModel

from platform_api.schemas.model_info import ModelInfo
from platform_api.services.ai_agent.fact_check import refusal
from platform_api.services.ai_agent.sheet import Fact, FactSheet
from platform_api.services.inference.client import InferenceClient

log = structlog.get_logger(__name__)

MODEL = "narrator"
DEADLINE_S = 120.0
"""For one request; nobody waits for it but a job."""
FACTS_AT_ONCE = 6
LONGEST_FACT = 400
"""Letters. The narrator refuses a whole request for one that is longer; such a fact is told in our own words."""


class Sentence(BaseModel):
    key: str
    text: str


class Narration(BaseModel):
    sentences: list[Sentence]
    text: str


def narrate(
    inference: InferenceClient, sheet: FactSheet, keep_going: Callable[[], object]
) -> tuple[Mapping[str, str], ModelInfo]:
    """(fact key → a true sentence in the narrator's words, the model). Facts without a true sentence are left out.

    `keep_going` is called between requests and raises where the work is to stop. Raises ModelUnavailable.
    """
    told: dict[str, str] = {}
    model: ModelInfo | None = None
    facts = [fact for fact in sheet.facts if len(fact.sentence) <= LONGEST_FACT]
    for begin in range(0, len(facts), FACTS_AT_ONCE):
        keep_going()
        some = facts[begin : begin + FACTS_AT_ONCE]
        answered = inference.ask(MODEL, request_body(some), Narration, check=_only_about(some), deadline_s=DEADLINE_S)
        model = answered.model
        told |= _true_sentences(some, answered.answer.sentences)
    if model is None:
        raise ValueError("a sheet without facts is not narrated")
    return told, model


def request_body(facts: Sequence[Fact]) -> bytes:
    return orjson.dumps({"facts": [{"key": fact.key, "text": fact.sentence} for fact in facts], "language": "en"})


def _only_about(facts: Sequence[Fact]) -> Callable[[Narration], None]:
    def check(narration: Narration) -> None:
        keys = [sentence.key for sentence in narration.sentences]
        if len(set(keys)) < len(keys) or not set(keys) <= {fact.key for fact in facts}:
            raise ValueError(f"sentences about other facts than were told: {keys}")

    return check


def _true_sentences(facts: Sequence[Fact], sentences: Sequence[Sentence]) -> dict[str, str]:
    by_key = {fact.key: fact for fact in facts}
    told = {}
    for sentence in sentences:
        text = " ".join(sentence.text.split())
        reason = refusal(text, by_key[sentence.key])
        if reason is None:
            told[sentence.key] = text
        else:
            # The sentence itself may be about somebody's listening: only what kind of fact it failed is logged.
            log.info("sentence refused", fact=sentence.key)
    return told
