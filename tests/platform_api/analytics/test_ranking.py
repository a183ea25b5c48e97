"""One item's place is where the whole ranking has it."""

from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from platform_api.crud.analytics import Measure, TopKind
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import history_of
from platform_api.services.analytics.ranking import kind_of, place_of, ranking
from tests.platform_api.importing.test_properties import FEW, PART, taken_back
from tests.support.histories import new_user, write_rows

KINDS = [kind for kind in get_args(TopKind) if kind != "guests"]


@FEW
@given(parts=st.lists(PART, min_size=1, max_size=3))
def test_a_place_found_alone_is_that_of_the_whole_order(session: Session, parts: list[tuple[str, list[Any]]]) -> None:
    with taken_back(session):
        user = new_user(session)
        for history_format, rows in parts:
            write_rows(session, user.id, rows, history_format)
        session.flush()
        history = history_of(session, user)
        facts = facts_of(session, history)
        for kind in KINDS:
            plays = kind_of(history, kind)
            for by in get_args(Measure):
                whole = ranking(plays, facts, kind, by)
                for item in whole.page(len(whole)):
                    placed = place_of(item.id, plays, facts, kind, by)
                    assert placed == (item, len(whole))
                assert place_of(-1, plays, facts, kind, by) is None
