"""What to play next."""

from fastapi import APIRouter, status

from platform_api.api.deps import CacheDep, CurrentUser, InferenceDep, NoAccountYet, SessionDep
from platform_api.api.parameters import Id, PageSize
from platform_api.core.errors import NotFound, NotSignedIn, problems
from platform_api.crud import recommendations as crud
from platform_api.crud import told
from platform_api.schemas.recommendations import (
    Feedback,
    GivenFeedback,
    HiddenTracks,
    LovedTracks,
    Recommendations,
    Wish,
)
from platform_api.services.recommendations.recommending import loved_by, never_again, recommend
from platform_api.utils.clock import utc_now

router = APIRouter(tags=["recommendations"], responses=problems(NotSignedIn, NoAccountYet))


@router.get("/recommendations")
def read_recommendations(
    user: CurrentUser,
    session: SessionDep,
    cache: CacheDep,
    inference: InferenceDep,
    *,
    wish: Wish = "comfort",
    limit: PageSize = 20,
) -> Recommendations:
    """Tracks to play next, with reasons.

    `discover` is what was never heard, `comfort` also what is loved already, `hour` what is listened to around this
    time of day, `rediscover` what fell silent.
    """
    return recommend(session, cache, inference, user, wish=wish, limit=limit, now=utc_now())


@router.get("/recommendations/loved")
def list_loved_tracks(user: CurrentUser, session: SessionDep) -> LovedTracks:
    """What is loved stands higher among `comfort` and `rediscover`; `DELETE /recommendations/feedback/{track_id}` takes
    it back."""
    return loved_by(session, user)


@router.get("/recommendations/hidden")
def list_hidden_tracks(user: CurrentUser, session: SessionDep) -> HiddenTracks:
    """What is never suggested again; `DELETE /recommendations/feedback/{track_id}` takes it back."""
    return never_again(session, user)


@router.put("/recommendations/feedback/{track_id}", responses=problems(NotFound))
def give_feedback(user: CurrentUser, session: SessionDep, track_id: Id, feedback: Feedback) -> GivenFeedback:
    """`love` or `hide` a track; a hidden one is never suggested again."""
    if told.track(session, user.id, track_id) is None:
        raise NotFound
    crud.give_feedback(session, user.id, track_id, feedback.verdict)
    return GivenFeedback(track_id=track_id, verdict=feedback.verdict)


@router.delete("/recommendations/feedback/{track_id}", status_code=status.HTTP_204_NO_CONTENT)
def withdraw_feedback(user: CurrentUser, session: SessionDep, track_id: Id) -> None:
    """Takes the last word about a track back, if there was one."""
    crud.withdraw_feedback(session, user.id, track_id)
