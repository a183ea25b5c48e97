"""What a listener says about their own history: one recording or two, who does not count, what was not so."""

from fastapi import APIRouter, Depends, status

from platform_api.api.deps import CurrentUser, NoAccountYet, SessionDep, limit
from platform_api.api.parameters import Before, Id, PageSize
from platform_api.core.errors import InvalidRequest, NotFound, NotSignedIn, TooManyRequests, problems
from platform_api.schemas.care import (
    HiddenArtists,
    MergedRecordings,
    MergedTracks,
    NewPlayByHand,
    PlayChanges,
    PlayChangeShown,
    PlayCorrection,
    PlayRefs,
    RecordingPairs,
    RecordingTracks,
    RefusedPairs,
    SplitCount,
    SuggestedRecordings,
)
from platform_api.services.care import corrections, hiding, recordings
from platform_api.services.care.corrections import ChangedSince, ThereAlready

router = APIRouter(tags=["care"], responses=problems(NotSignedIn, NoAccountYet))
not_there = problems(NotFound)
unusable = problems(InvalidRequest, TooManyRequests)
# each of these may count a whole history anew
changing = [Depends(limit("change the history by hand", 600, 3600))]


@router.get("/recordings/suggestions")
def suggest_recordings(user: CurrentUser, session: SessionDep) -> SuggestedRecordings:
    """What looks like the same recording on several albums; the most listened to first."""
    return recordings.suggestions(session, user)


@router.get("/recordings/merges")
def list_merges(user: CurrentUser, session: SessionDep) -> MergedRecordings:
    """What counts together, the latest first."""
    return recordings.merged(session, user)


@router.post("/recordings/merges", responses=unusable, dependencies=changing)
def merge_recordings(user: CurrentUser, session: SessionDep, said: RecordingPairs) -> MergedTracks:
    """From now on these count as one; the answer says what to split to take it back."""
    return recordings.merge(session, user, said.pairs, said.why)


@router.post("/recordings/splits", responses=problems(TooManyRequests), dependencies=changing)
def split_recordings(user: CurrentUser, session: SessionDep, said: RecordingTracks) -> SplitCount:
    """Takes merges back, exactly."""
    return recordings.split(session, user, said.track_ids)


@router.post("/recordings/refusals", status_code=status.HTTP_204_NO_CONTENT, responses=problems(InvalidRequest))
def refuse_merges(user: CurrentUser, session: SessionDep, said: RecordingPairs) -> None:
    """These are not the same; they are not suggested again."""
    recordings.refuse(session, user, said.pairs)


@router.get("/recordings/refusals")
def list_refusals(user: CurrentUser, session: SessionDep) -> RefusedPairs:
    """What is not suggested any more, the latest first."""
    return recordings.refused(session, user)


@router.post("/recordings/refusals/taken-back", status_code=status.HTTP_204_NO_CONTENT)
def take_refusals_back(user: CurrentUser, session: SessionDep, said: RecordingPairs) -> None:
    """They may be suggested again."""
    recordings.take_back_refusals(session, user, said.pairs)


@router.get("/hidden-artists")
def list_hidden_artists(user: CurrentUser, session: SessionDep) -> HiddenArtists:
    """Artists whose plays are kept and do not count."""
    return hiding.hidden_artists(session, user)


@router.put(
    "/hidden-artists/{artist_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, TooManyRequests),
    dependencies=changing,
)
def hide_artist(user: CurrentUser, session: SessionDep, artist_id: Id) -> None:
    """Leaves an artist out of everything, past and future."""
    hiding.hide(session, user, artist_id)


@router.delete(
    "/hidden-artists/{artist_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, TooManyRequests),
    dependencies=changing,
)
def show_artist_again(user: CurrentUser, session: SessionDep, artist_id: Id) -> None:
    """Counts the artist again, as if nothing had been."""
    hiding.show_again(session, user, artist_id)


@router.post("/plays/deletions", responses=problems(NotFound, TooManyRequests), dependencies=changing)
def delete_plays(user: CurrentUser, session: SessionDep, chosen: PlayRefs) -> PlayChangeShown:
    """Deletes plays; no import brings them back. Plays that are not there are passed over."""
    return corrections.delete_plays(session, user, chosen.plays)


@router.post(
    "/plays/corrections",
    responses=problems(NotFound, ThereAlready, InvalidRequest, TooManyRequests),
    dependencies=changing,
)
def correct_play(user: CurrentUser, session: SessionDep, correction: PlayCorrection) -> PlayChangeShown:
    """Another track, time or length for one play."""
    return corrections.correct_play(session, user, correction)


@router.post(
    "/plays", responses=problems(ThereAlready, InvalidRequest, TooManyRequests), dependencies=changing, status_code=201
)
def add_play(user: CurrentUser, session: SessionDep, play: NewPlayByHand) -> PlayChangeShown:
    """Adds a play by hand."""
    return corrections.add_play(session, user, play)


@router.get("/plays/changes")
def list_play_changes(
    user: CurrentUser, session: SessionDep, before: Before = None, limit: PageSize = 50
) -> PlayChanges:
    """What was deleted, corrected and added by hand and stands, the latest first."""
    return corrections.changes(session, user, before, limit)


@router.delete(
    "/plays/changes/{change_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, ChangedSince, TooManyRequests),
    dependencies=changing,
)
def take_play_change_back(user: CurrentUser, session: SessionDep, change_id: Id) -> None:
    """Makes everything as it was before the change."""
    corrections.take_back(session, user, change_id)
