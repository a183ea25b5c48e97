"""What an operator is told of the people who have an account."""

from collections.abc import Callable
from datetime import UTC, datetime

from platform_api.db.session import Sessions
from platform_api.people import told
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_history


def test_everybody_is_told_with_what_they_brought(sign_in: Callable[..., Listener], sessions: Sessions) -> None:
    ada, _ = sign_in("ada"), sign_in("ben")
    with sessions.begin() as session:
        put_history(session, ada.id, [Heard("Mira Sol", "Rain", datetime(2024, 5, 17, 12, tzinfo=UTC))])
        lines = [line.split() for line in told(session).splitlines()]
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert lines[0] == ["handle", "e-mail", "since", "plays", "last", "play"]
    assert [line[2:] for line in lines[1:]] == [[today, "1", "2024-05-17"], [today, "0", "-"]]
    assert lines[1][0].startswith("ada")
    assert "@" in lines[1][1]
