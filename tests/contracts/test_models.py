"""serving/contracts says what goes over the wire; the models keep to it on one side, the product on the other."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

import serving
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import MODELS, Bundle, load_predictor
from platform_api.crud.habits import Candidate
from platform_api.crud.recommendations import PlayFact
from platform_api.services.ai_agent import narrator
from platform_api.services.ai_agent.sheet import Fact
from platform_api.services.habits import wire as habit_wire
from platform_api.services.recommendations import wire as recommender_wire
from platform_api.services.sound.hearing import Heard, of_unit_length
from tests.modeling.narrator.tiny import write_tiny_bundle as tiny_narrator
from tests.support.tiny_habit import tiny_habit
from tests.support.tiny_models import tiny_embedder
from tests.support.tiny_recommender import tiny_recommender

CONTRACTS = Path(serving.__file__).parent / "contracts"
NOW = datetime(2026, 3, 29, 2, 30, tzinfo=UTC)
PLAYS = [
    PlayFact("t0", "artist:a", NOW.replace(hour=hour), NOW.replace(hour=hour, minute=33), 180_000, *rest)
    for hour, rest in enumerate(((None, None, None, None), ("trackdone", "fwdbtn", True, False)))
]


def contract(model: str, side: str) -> Draft202012Validator:
    content = json.loads((CONTRACTS / f"{model}.json").read_text())
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content["$defs"][side])


def product_embedder(folder: Path) -> Bundle:
    return tiny_embedder(folder, spec=EmbedderSpec(width=2, head="pooled", embedding_size=128, segments=2))


BUNDLES: dict[str, Callable[[Path], Bundle]] = {
    "audio_embedder": product_embedder,
    "habit": tiny_habit,
    "recommender": tiny_recommender,
    "narrator": tiny_narrator,
}
READ_BY_THE_PRODUCT: dict[str, type[BaseModel]] = {
    "audio_embedder": Heard,
    "habit": habit_wire.Habits,
    "recommender": recommender_wire.Ranking,
    "narrator": narrator.Narration,
}


def test_every_model_has_a_contract() -> None:
    assert {path.stem for path in CONTRACTS.glob("*.json")} == set(MODELS)


@pytest.mark.parametrize("model", BUNDLES)
def test_golden_request_and_answer_keep_the_contract_and_the_product_reads_it(model: str, tmp_path: Path) -> None:
    bundle = BUNDLES[model](tmp_path / "bundle")
    golden = bundle.json("golden.json")
    [answer] = load_predictor(bundle.folder).predict([base64.b64decode(golden["request"])])
    assert isinstance(answer, bytes)
    if model != "audio_embedder":
        contract(model, "request").validate(json.loads(base64.b64decode(golden["request"])))
    contract(model, "answer").validate(json.loads(answer))
    read = READ_BY_THE_PRODUCT[model].model_validate_json(answer)
    if isinstance(read, Heard):
        of_unit_length(read)


def product_requests() -> dict[str, bytes]:
    candidates = [Candidate(track_id=1, track="t0", artist="artist:a", plays=3, told=3, skips=1)]
    ranking: dict[str, Any] = {"now": NOW, "time_zone": "Europe/Prague", "limit": 5, "exclude": ["t1"]}
    return {
        "habit": habit_wire.request_body(
            PLAYS, candidates, now=NOW, time_zone="Europe/Prague", earlier=[(1_774_000_000, 1_774_003_600)]
        ),
        "recommender": recommender_wire.request_body(PLAYS, wish="discover", **ranking),
        "narrator": narrator.request_body([Fact("days", "Days", "7", "You listened on 7 days.", paragraph=0)]),
    }


@pytest.mark.parametrize("model", product_requests())
def test_what_the_product_asks_keeps_the_contract_and_the_model_answers(model: str, tmp_path: Path) -> None:
    body = product_requests()[model]
    contract(model, "request").validate(json.loads(body))
    BUNDLES[model](tmp_path / "bundle")
    [answer] = load_predictor(tmp_path / "bundle").predict([body])
    assert isinstance(answer, bytes), answer
    READ_BY_THE_PRODUCT[model].model_validate_json(answer)
