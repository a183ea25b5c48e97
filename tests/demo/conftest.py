"""One small town for all tests of the town."""

from datetime import date

import pytest

from demo.catalogue import Catalogue, make_catalogue
from demo.history import History, make_history
from demo.listeners import LISTENERS, Listener
from demo.params import TownParams


@pytest.fixture(scope="session")
def params() -> TownParams:
    return TownParams(end=date(2026, 10, 31), seed=3)


@pytest.fixture(scope="session")
def catalogue(params: TownParams) -> Catalogue:
    return make_catalogue(params)


@pytest.fixture(scope="session")
def townsperson() -> Listener:
    """A small history: a student in Casablanca, where clocks go back for Ramadan."""
    return next(listener for listener in LISTENERS if listener.handle == "adelaide")


@pytest.fixture(scope="session")
def history(townsperson: Listener, catalogue: Catalogue, params: TownParams) -> History:
    return make_history(townsperson, catalogue, params)
