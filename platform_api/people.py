"""`python -m platform_api.people`: who has an account here, for whoever runs this Tonearm."""

from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import users
from platform_api.db.session import make_engine, make_sessions

HEAD = ("handle", "e-mail", "since", "plays", "last play")


def told(session: Session) -> str:
    """A table, a line for each account, the oldest first."""
    rows: list[tuple[str, ...]] = [HEAD]
    for user in users.everybody(session):
        summary = users.listening_summary(session, user.id)
        last = f"{summary.last_play_at:%Y-%m-%d}" if summary.last_play_at else "-"
        rows.append((user.handle, user.email or "-", f"{user.created_at:%Y-%m-%d}", f"{summary.plays:,}", last))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main() -> None:
    engine = make_engine(Settings().database, application_name="tonearm-people", pool_size=1)
    with make_sessions(engine)() as session:
        print(told(session))
    engine.dispose()


if __name__ == "__main__":
    main()
