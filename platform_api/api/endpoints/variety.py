"""How widely one listens, and from which years."""

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from platform_api.api.deps import SessionDep
from platform_api.api.endpoints.analysis import AgainstText, AskedDep, SpanText
from platform_api.core.errors import NotSignedIn, problems
from platform_api.crud import catalogue
from platform_api.crud import genres as told
from platform_api.models import User
from platform_api.schemas.variety import Eras, Genres, Variety
from platform_api.services.analytics import genres, variety
from platform_api.services.analytics.spans import Span, SpanNotUnderstood

router = APIRouter(tags=["analysis"], responses=problems(NotSignedIn, SpanNotUnderstood))


@router.get("/analysis/variety", response_model=Variety)
def get_variety(asked: AskedDep, span: SpanText = "all") -> Response:
    """Concentration and variety: Gini, entropy, the effective number of artists."""
    return asked.answer("variety", span, variety.variety)


@router.get("/analysis/genres", response_model=Genres)
def get_genres(asked: AskedDep, session: SessionDep, span: SpanText = "all", against: AgainstText = None) -> Response:
    """Genres, as far as the tags of audio files tell them, with the rank each had in the span before or `against`."""
    compared = asked.compared(against)

    def counted(session: Session, user: User, resolved: Span) -> Genres:
        return genres.genres(session, user, resolved, compared())

    return asked.answer("genres", span, counted, told=told.latest(session), against=against)


@router.get("/analysis/eras", response_model=Eras)
def get_eras(asked: AskedDep, session: SessionDep, span: SpanText = "all") -> Response:
    """Release years, as far as they are known."""
    return asked.answer("eras", span, variety.eras, catalogue=catalogue.version(session))
