"""Redis may vanish at any moment: slower, never wrong."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import redis

from platform_api.utils.cache import Cache
from stack import temporary
from stack.temporary import free_port, temporary_valkey


@dataclass
class Someone:
    data_version: int = 1
    ml_key: UUID = field(default_factory=uuid4)


@dataclass
class Question:
    """Counts how often it was really answered."""

    answer: object = "yes"
    wait_s: float = 0.0
    asked: int = 0

    def __call__(self) -> object:
        self.asked += 1
        time.sleep(self.wait_s)
        return self.answer


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    cache = Cache(redis_url)
    yield cache
    cache.close()


@pytest.fixture
def no_cache() -> Iterator[Cache]:
    cache = Cache("redis://127.0.0.1:9/0")
    yield cache
    cache.close()


def test_the_second_answer_is_kept_and_equal(cache: Cache) -> None:
    question, someone = Question({"top": [1, 2.5, None, "é"]}), Someone()
    assert cache.cached(someone, "top", {"span": "2024"}, question) == question.answer
    assert cache.cached(someone, "top", {"span": "2024"}, question) == question.answer
    assert question.asked == 1


def test_another_version_person_name_or_parameter_is_another_question(cache: Cache) -> None:
    question, someone = Question(), Someone()
    for who, name, span in [
        (someone, "top", "2024"),
        (Someone(data_version=2, ml_key=someone.ml_key), "top", "2024"),
        (Someone(), "top", "2024"),
        (someone, "clock", "2024"),
        (someone, "top", "2023"),
    ]:
        cache.cached(who, name, {"span": span}, question)
    assert question.asked == 5


def test_a_hundred_misses_at_once_compute_once(cache: Cache) -> None:
    question, someone = Question(wait_s=0.3), Someone()
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: cache.cached(someone, "slow", {}, question), range(100)))
    assert set(answers) == {"yes"}
    assert question.asked <= 2


def test_an_error_reaches_everybody_and_is_not_kept(cache: Cache) -> None:
    someone = Someone()
    barrier = threading.Barrier(4)

    def fail() -> object:
        time.sleep(0.1)
        raise LookupError

    def ask(_: int) -> type[BaseException] | None:
        barrier.wait()
        try:
            cache.cached(someone, "bad", {}, fail)
        except LookupError:
            return LookupError
        return None

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {LookupError}
    assert cache.cached(someone, "bad", {}, Question("fine")) == "fine"


def test_without_redis_answers_are_right_and_little_slower(no_cache: Cache) -> None:
    question, someone = Question([1]), Someone()
    began = time.monotonic()
    for _ in range(50):
        assert no_cache.cached(someone, "top", {}, question) == [1]
    assert question.asked == 50
    assert (time.monotonic() - began) / 50 < 0.05
    assert no_cache.is_up() is False
    assert no_cache.count("x", 60) is None


def test_without_redis_a_hundred_misses_still_compute_once(no_cache: Cache) -> None:
    question, someone = Question(wait_s=0.5), Someone()
    with ThreadPoolExecutor(100) as pool:
        list(pool.map(lambda _: no_cache.cached(someone, "slow", {}, question), range(100)))
    assert question.asked <= 2


def test_a_slow_redis_is_not_waited_for(servers_folder: Path) -> None:
    with temporary_valkey(servers_folder / "slow") as url:
        admin = redis.Redis.from_url(url)
        cache, someone, question = Cache(url), Someone(), Question()
        cache.cached(someone, "top", {}, question)
        # CLIENT PAUSE lets nobody be answered, as a server under memory pressure would
        admin.client_pause(2000)
        took = []
        for number in range(20):
            began = time.monotonic()
            assert cache.cached(someone, "top", {"n": number}, question) == "yes"
            took.append(time.monotonic() - began)
        assert max(took) < 0.15
        assert sum(took) < 0.6
        cache.close()


def test_it_comes_back(servers_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setattr(temporary, "free_port", lambda: port)
    with temporary_valkey(servers_folder / "back") as url:
        cache, someone, question = Cache(url), Someone(), Question()
        monkeypatch.setattr(cache._breaker, "_reset_s", 0.2)
        cache.cached(someone, "top", {}, question)
        redis.Redis.from_url(url).flushall()
        assert cache.cached(someone, "top", {}, question) == "yes"
        assert question.asked == 2
    for _ in range(5):
        cache.cached(someone, "top", {}, question)
    assert cache.is_up() is False
    with temporary_valkey(servers_folder / "back"):
        time.sleep(0.3)
        cache.cached(someone, "top", {}, question)
        asked = question.asked
        assert cache.is_up() is True
        assert cache.cached(someone, "top", {}, question) == "yes"
        assert question.asked == asked, "from the cache again"
    cache.close()


def test_a_full_redis_still_answers(servers_folder: Path) -> None:
    with temporary_valkey(servers_folder / "full") as url:
        admin = redis.Redis.from_url(url)
        admin.config_set("maxmemory-policy", "noeviction")
        admin.config_set("maxmemory", "1")
        cache, question = Cache(url), Question()
        someone = Someone()
        assert cache.cached(someone, "top", {}, question) == "yes"
        assert cache.cached(someone, "top", {}, question) == "yes"
        assert cache.is_up() is True
        cache.close()


def test_forgetting_somebody_leaves_the_others(cache: Cache) -> None:
    ada, ben, question = Someone(), Someone(), Question()
    for someone in (ada, ben):
        cache.cached(someone, "top", {}, question)
    cache.forget(ada.ml_key)
    for someone in (ada, ben):
        cache.cached(someone, "top", {}, question)
    assert question.asked == 3
