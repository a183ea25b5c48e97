"""Stories from the template and from the narrator; whose facts may be shown to it."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import jobs, narratives
from platform_api.db.session import Sessions
from platform_api.models import Narrative, User
from platform_api.schemas.analysis import Span
from platform_api.schemas.shown_wraps import EVERYTHING
from platform_api.schemas.stories import Story
from platform_api.services.ai_agent.fact_check import refusal
from platform_api.services.ai_agent.facts import fact_sheet, spoken_compared
from platform_api.services.ai_agent.narrator import LONGEST_FACT
from platform_api.services.ai_agent.stories import order_story, read_story, write_story
from platform_api.services.analytics import questions
from platform_api.services.analytics.spans import SpanNotUnderstood
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import JobContext
from platform_api.services.wraps import build_wrap, picture, shown, words
from platform_api.utils.cache import Cache
from tests.platform_api.inference.model_server import ModelServer, answer, answering
from tests.support.stored_history import Heard, put_history
from tests.support.surroundings import new_user, served_models

BEGIN = datetime(2024, 3, 4, 19, 5, tzinfo=UTC)
HISTORY = [
    *(Heard("Grey Harbour", "Cold Lantern", BEGIN + timedelta(days=day), album="Salt") for day in range(40)),
    *(Heard("Grey Harbour", "Undertow", BEGIN + timedelta(days=day, hours=1)) for day in range(0, 40, 2)),
    *(Heard("Mira Sol", "Paper Boats", BEGIN - timedelta(days=400 + day)) for day in range(6)),
    *(Heard("Mira Sol", "Paper Boats", BEGIN + timedelta(days=20, minutes=10 * again)) for again in range(5)),
    *(Heard("Tin Choir", "99 Red", BEGIN + timedelta(days=day), seconds=4, skipped=True) for day in range(6)),
]


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    cache = Cache(redis_url)
    yield cache
    cache.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[InferenceClient, ModelServer]]:
    with served_models(tmp_path, narrator="2") as both:
        yield both


@pytest.fixture
def user_id(sessions: Sessions) -> int:
    with sessions.begin() as session:
        user = new_user(session)
        put_history(session, user.id, HISTORY)
        return user.id


@pytest.fixture
def story(sessions: Sessions, cache: Cache, user_id: int) -> Callable[[], Story]:
    """Reads the story of 2024."""

    def read() -> Story:
        with sessions.begin() as session:
            return read_story(session, cache, session.get_one(User, user_id), "2024")

    return read


@pytest.fixture
def write(
    sessions: Sessions, settings: Settings, cache: Cache, user_id: int, served: tuple[InferenceClient, ModelServer]
) -> Callable[[], Story]:
    """Orders the story of 2024 and does the job, as the worker would; the answer to the order."""

    def do() -> Story:
        with sessions.begin() as session:
            ordered = order_story(session, cache, session.get_one(User, user_id), "2024")
        with sessions.begin() as session:
            job = jobs.claim(session, "test", [narratives.KIND], 60)
        assert job is not None
        write_story(JobContext(job, settings, sessions, served[0], cache))
        with sessions.begin() as session:
            jobs.finish(session, job)
        return ordered

    return do


def repeat_the_facts(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    facts = json.loads(body)["facts"]
    tell(handler, [{"key": fact["key"], "text": fact["text"]} for fact in facts])


def tell(handler: BaseHTTPRequestHandler, sentences: list[dict[str, Any]]) -> None:
    text = " ".join(sentence["text"] for sentence in sentences)
    content = {"model": "narrator", "bundle": "x", "sentences": sentences, "text": text}
    answer(handler, 200, json.dumps(content).encode())


def invent(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    tell(handler, [{"key": fact["key"], "text": "It was ten million."} for fact in json.loads(body)["facts"]])


def test_before_anything_was_written_the_same_facts_are_told_plainly(story: Callable[[], Story]) -> None:
    told = story()
    assert told.state == "plain"
    assert told.model.is_fallback
    assert {fact.label: fact.value for fact in told.facts}["Listens"] == "65"
    assert "Grey Harbour" in told.text
    assert told.paragraphs == told.text.split("\n\n")
    assert told == story(), "the same every time"


def test_true_sentences_of_the_narrator_are_told_and_the_others_are_ours(
    story: Callable[[], Story], write: Callable[[], Story], served: tuple[InferenceClient, ModelServer]
) -> None:
    asked: list[Any] = []

    def narrator(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        facts = json.loads(body)["facts"]
        asked.extend(facts)
        words = {
            "listens": "You had 65 listens in 2024.",
            "top_artist": "The artist you spent most time with was Adele, with 900 listens.",
        }
        tell(handler, [{"key": each["key"], "text": words[each["key"]]} for each in facts if each["key"] in words])

    served[1].usual = narrator
    ordered = write()
    assert ordered.state == "writing"
    told = story()
    assert told.state == "written"
    assert (told.model.name, told.model.version, told.model.is_fallback) == ("narrator", "2", False)
    assert told.text.startswith("You had 65 listens in 2024.")
    assert "Adele" not in told.text
    assert "900" not in told.text
    assert told.model.detail is not None
    assert told.model.detail.startswith("1 of ")
    assert {"key", "text"} == set(asked[0])
    assert len(asked) == len(told.facts)


def test_every_fact_of_a_real_wrap_can_be_told_back(
    story: Callable[[], Story], write: Callable[[], Story], served: tuple[InferenceClient, ModelServer]
) -> None:
    served[1].usual = repeat_the_facts
    write()
    told = story()
    count = len(told.facts)
    assert count >= 10
    assert told.model.detail == (
        f"{count} of {count} sentences are the narrator's and true; the others are our own words."
    )


@pytest.mark.parametrize(
    ("behaviour", "detail"),
    [
        (invent, "none of the narrator"),
        (answering({"sentences": [{"key": "unheard of", "text": "A."}], "text": ""}), "did not hold up"),
        (answering({"code": 500}, status=500), "not answering"),
    ],
    ids=["untrue", "about other facts", "away"],
)
def test_a_narrator_that_fails_leaves_the_template(
    story: Callable[[], Story],
    write: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    behaviour: Any,
    detail: str,
) -> None:
    served[1].usual = behaviour
    write()
    told = story()
    assert told.state == "written"
    assert told.model.is_fallback
    assert detail in (told.model.detail or "")
    assert "65 listens" in told.text


def test_without_consent_nothing_is_shown_to_the_narrator(
    story: Callable[[], Story],
    write: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    sessions: Sessions,
    user_id: int,
) -> None:
    with sessions.begin() as session:
        session.get_one(User, user_id).may_narrate = False
    write()
    assert not served[1].calls
    assert "have not allowed" in (story().model.detail or "")


def test_plays_of_a_source_that_forbids_it_are_not_shown_either(
    story: Callable[[], Story],
    write: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    sessions: Sessions,
    user_id: int,
) -> None:
    with sessions.begin() as session:
        put_history(session, user_id, [Heard("A", "B", BEGIN + timedelta(days=60), source="spotify_api")])
    write()
    assert not served[1].calls
    assert "does not allow" in (story().model.detail or "")


def test_what_such_plays_of_before_told_is_left_out(
    story: Callable[[], Story],
    write: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    sessions: Sessions,
    user_id: int,
) -> None:
    """A captured play of last year makes a track of this year no find: the narrator was shown that."""
    shown: set[str] = set()

    def listen_in(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        shown.update(fact["key"] for fact in json.loads(body)["facts"])
        repeat_the_facts(handler, body)

    served[1].usual = listen_in
    with sessions.begin() as session:
        put_history(session, user_id, [Heard("A", "B", BEGIN - timedelta(days=300), source="spotify_api")])
    write()
    assert {"listens", "top_artist", "streak"} <= shown
    assert not shown & {"compared", "discoveries", "best_discovery", "comeback"}
    assert "Heard for the first time" in {fact.label for fact in story().facts}


def test_a_span_that_runs_is_told_anew_the_next_day(
    story: Callable[[], Story],
    write: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    sessions: Sessions,
) -> None:
    """In June it still compared with the months until May of the year before."""
    served[1].usual = repeat_the_facts
    write()
    states = []
    for written_at in (datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2025, 1, 1, 12, tzinfo=UTC)):
        with sessions.begin() as session:
            kept = session.scalars(select(Narrative)).one()
            sheet = {name: value for name, value in kept.facts["sheet"].items() if name != "told_on"}  # as once kept
            session.execute(update(Narrative).values(written_at=written_at, facts={**kept.facts, "sheet": sheet}))
        states.append(story().state)
    assert states == ["plain", "written"]


def test_a_story_is_as_old_as_its_counting(
    story: Callable[[], Story],
    write: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The facts were counted before midnight, the words came after it: in them the day before has not happened."""
    served[1].usual = repeat_the_facts
    monkeypatch.setattr(questions, "today_of", lambda _: date(2024, 12, 31))
    write()
    assert story().state == "written"
    monkeypatch.setattr(questions, "today_of", lambda _: date(2025, 1, 1))
    assert story().state == "plain"


def test_a_fact_too_long_for_the_narrator_is_told_in_our_own_words(
    write: Callable[[], Story],
    story: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    sessions: Sessions,
    user_id: int,
) -> None:
    long = ("A title that goes on and on " * 20).strip()
    with sessions.begin() as session:
        put_history(
            session, user_id, [Heard("Mira Sol", long, BEGIN + timedelta(days=90, hours=at)) for at in range(80)]
        )
    asked: list[str] = []

    def listen_in(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        asked.extend(fact["text"] for fact in json.loads(body)["facts"])
        repeat_the_facts(handler, body)

    served[1].usual = listen_in
    write()
    told = story()
    assert told.model.name == "narrator"
    assert max(map(len, asked)) <= LONGEST_FACT
    assert long in told.text


def test_new_plays_make_a_written_story_old(
    story: Callable[[], Story],
    write: Callable[[], Story],
    served: tuple[InferenceClient, ModelServer],
    sessions: Sessions,
    user_id: int,
) -> None:
    served[1].usual = repeat_the_facts
    write()
    assert story().state == "written"
    with sessions.begin() as session:
        put_history(session, user_id, [Heard("Mira Sol", "Paper Boats", BEGIN + timedelta(days=61))])
    told = story()
    assert told.state == "plain"
    assert "has changed" in (told.model.detail or "")
    assert {fact.label: fact.value for fact in told.facts}["Listens"] == "66"


def test_ordering_twice_writes_once(sessions: Sessions, cache: Cache, user_id: int) -> None:
    with sessions.begin() as session:
        user = session.get_one(User, user_id)
        for _ in range(2):
            assert order_story(session, cache, user, "2024").state == "writing"
        assert jobs.claim(session, "test", [narratives.KIND], 60) is not None
        assert jobs.claim(session, "test", [narratives.KIND], 60) is None


def test_what_is_not_a_span_is_refused_before_a_job(sessions: Sessions, cache: Cache, user_id: int) -> None:
    with sessions.begin() as session, pytest.raises(SpanNotUnderstood):
        order_story(session, cache, session.get_one(User, user_id), "yesterday")


@pytest.mark.parametrize("span", ["2024", "2024-03", "2024-03-24", "all", "2024-03-01..2024-04-30", "2023", "2019"])
def test_every_way_of_telling_a_fact_is_true(session: Session, span: str) -> None:
    user = new_user(session)
    put_history(session, user.id, HISTORY)
    sheet = fact_sheet(build_wrap(session, user, span))
    assert bool(sheet.facts) == (span != "2019")
    for fact in sheet.facts:
        assert refusal(fact.sentence, fact) is None, fact
        for other in fact.others:
            assert all(name in other for name in fact.names if not name.startswith("from ")), other
            numbers = [word for measure in fact.measures for word in measure.split() if word[0].isdigit()]
            assert all(number in other for number in numbers), other


@pytest.mark.parametrize("plays", [1, 2, 3])
@pytest.mark.parametrize("seconds", [30, 65])
@pytest.mark.parametrize("span", ["2024-03-04", "2024-03", "2024", "2024-03-01..2024-03-31", "all"])
@pytest.mark.parametrize("today", [date(2024, 3, 4), date(2024, 4, 20), date(2025, 2, 1)])
def test_few_plays_are_told_as_few(
    session: Session, monkeypatch: pytest.MonkeyPatch, plays: int, seconds: int, span: str, today: date
) -> None:
    user = new_user(session)
    put_history(
        session,
        user.id,
        [Heard("Mira Sol", "Boats", BEGIN + timedelta(minutes=5 * at), seconds) for at in range(plays)],
    )
    monkeypatch.setattr(questions, "today_of", lambda _: today)
    wrap = build_wrap(session, user, span)
    sheet = fact_sheet(wrap)
    ways = [way for fact in sheet.facts for way in (fact.sentence, *fact.others)]
    assert ways
    link = shown(wrap, EVERYTHING, None)
    ways += [words.description(link), " ".join(picture._headline(link))]
    for way in ways:
        assert not re.search(
            r"\b1 (\w+ )?(listens|tracks|artists|minutes|hours|days|times)\b|\b0 |hardly|stayed for 1", way
        ), way
    keys = {fact.key for fact in sheet.facts}
    assert "peak_day" not in keys, "the only day is no fullest one"
    assert ("peak_hour" in keys) == (plays == 3 and sheet.first_day != sheet.last_day), "one listen is no habit"
    (last,) = (fact for fact in sheet.facts if fact.key == "last_song")
    assert ("so far" in last.sentence) == (span == "all" or today <= sheet.last_day)
    assert refusal("The last song was “Boats” by Mira Sol.", last) is None or "so far" in last.sentence


def test_a_year_that_runs_is_told_beside_the_same_days(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    user = new_user(session)
    before = [
        Heard("Mira Sol", "Paper Boats", datetime(2023, 1, 2, 12, tzinfo=UTC) + timedelta(days=30 * month))
        for month in range(12)
    ]
    put_history(session, user.id, [*before, *HISTORY[:40]])
    told = {}
    for today in (date(2024, 4, 20), date(2025, 1, 1)):
        monkeypatch.setattr(questions, "today_of", lambda _, today=today: today)
        (told[today.year],) = (
            fact for fact in fact_sheet(build_wrap(session, user, "2024")).facts if fact.key == "compared"
        )
    assert told[2024].sentence == "You had 36 more listens than in the same days of 2023."
    assert told[2025].sentence == "You had 28 more listens than in 2023."


@pytest.mark.parametrize(("span", "compared", "words"), [
    ("2024-02", "2024-01-01..2024-01-05", "in the same days of January 2024"),
    ("2024-02", "2024-01-01..2024-01-31", "in January 2024"),
    ("2024-02-05..2024-02-11", "2024-01-29..2024-02-04", "in the 7 days before"),
    ("2024-02-05..2024-02-05", "2024-02-04..2024-02-04", "on the day before"),
])  # fmt: skip
def test_what_a_span_is_compared_with_is_named(span: str, compared: str, words: str) -> None:
    assert spoken_compared(days_of(span), days_of(compared)) == words


def days_of(text: str) -> Span:
    first, _, last = text.partition("..")
    ends = (
        {"first_day": f"{first}-01", "last_day": f"{first}-29"} if not last else {"first_day": first, "last_day": last}
    )
    return Span.model_validate({"text": text, **ends})


def test_a_span_without_music_says_so(sessions: Sessions, cache: Cache, user_id: int) -> None:
    with sessions.begin() as session:
        told = read_story(session, cache, session.get_one(User, user_id), "2019")
    assert told.facts == []
    assert told.text.startswith("There was no music in 2019.")
