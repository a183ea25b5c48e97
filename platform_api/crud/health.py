"""Does the database answer?"""

from sqlalchemy import text
from sqlalchemy.orm import Session


def answers(session: Session) -> bool:
    return bool(session.scalar(text("SELECT 1")) == 1)
