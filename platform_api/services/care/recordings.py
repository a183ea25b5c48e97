"""One recording on several albums: suggested, accepted or refused by the listener, taken apart again."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from platform_api.core.errors import InvalidRequest
from platform_api.crud import catalogue, grooves, incoming, recordings, same_recordings, told, users
from platform_api.models import User
from platform_api.schemas.care import (
    MergedRecording,
    MergedRecordings,
    MergedTrack,
    MergedTracks,
    RecordingPair,
    RefusedPair,
    RefusedPairs,
    SameTrack,
    SplitCount,
    SuggestedRecording,
    SuggestedRecordings,
    Why,
)
from platform_api.services.analytics.history import history_of
from platform_api.services.sound.references import track_ref, track_refs

MOST_SUGGESTED = 1000


def suggestions(session: Session, user: User) -> SuggestedRecordings:
    """What looks like one recording among everything that the listener ever played."""
    history = history_of(session, user)
    listens = history.per_track(history.is_listen)
    count_of = dict(zip(history.track_ids.tolist(), listens.tolist(), strict=True))
    found = same_recordings.suggested(session, user.id, history.track_ids.tolist(), listens.tolist(), MOST_SUGGESTED)
    rows = catalogue.track_rows(session, {id_ for each in found for id_ in (each.track_id, each.into)})
    refs = {row.id: track_ref(row, False) for row in rows.values()}
    groups: dict[int, list[SameTrack]] = defaultdict(list)
    for each in found:
        groups[each.into].append(
            SameTrack(
                track=refs[each.track_id],
                duration_ms=rows[each.track_id].duration_ms,
                listens=count_of[each.track_id],
                why=each.why,
            )
        )
    return SuggestedRecordings(
        items=[
            SuggestedRecording(
                track=refs[leader], duration_ms=rows[leader].duration_ms, listens=count_of[leader], others=others
            )
            for leader, others in groups.items()
        ],
        pairs=len(found),
    )


def merged(session: Session, user: User) -> MergedRecordings:
    """What counts together now, the latest first."""
    groups: dict[int, list[recordings.Merge]] = defaultdict(list)
    for merge in recordings.merges_of(session, user.id):
        groups[merge.counted_as].append(merge)
    refs = track_refs(session, {each.track_id for group in groups.values() for each in group} | groups.keys())
    return MergedRecordings(
        items=[
            MergedRecording(
                track=refs[root],
                others=[
                    MergedTrack(track=refs[each.track_id], why=each.why, merged_at=each.merged_at) for each in group
                ],
            )
            for root, group in groups.items()
        ]
    )


def merge(session: Session, user: User, pairs: Sequence[RecordingPair], why: Why) -> MergedTracks:
    """Raises InvalidRequest where a track does not exist or a song would count as an episode."""
    rows = catalogue.track_rows(session, told.tracks(session, user.id, _named(pairs)))
    for pair in pairs:
        one, other = rows.get(pair.track_id), rows.get(pair.into)
        if one is None or other is None:
            raise InvalidRequest("One of these tracks does not exist.")
        if one.kind != other.kind:
            raise InvalidRequest("A song and an episode are not one recording.")
    incoming.hold_history(session, user.id)
    together = recordings.merge(session, user.id, [(pair.track_id, pair.into) for pair in pairs], why)
    same_recordings.forget_refusals(session, user.id, [(pair.track_id, pair.into) for pair in pairs])
    _counts_anew(session, user)
    return MergedTracks(track_ids=together)


def split(session: Session, user: User, track_ids: Sequence[int]) -> SplitCount:
    incoming.hold_history(session, user.id)
    apart = recordings.split(session, user.id, track_ids)
    _counts_anew(session, user)
    return SplitCount(split=apart)


def refuse(session: Session, user: User, pairs: Sequence[RecordingPair]) -> None:
    """Raises InvalidRequest where a track does not exist."""
    if told.tracks(session, user.id, _named(pairs)) < _named(pairs):
        raise InvalidRequest("One of these tracks does not exist.")
    same_recordings.refuse(session, user.id, [(pair.track_id, pair.into) for pair in pairs])


def refused(session: Session, user: User) -> RefusedPairs:
    """What is not suggested any more, the latest first."""
    said = same_recordings.refusals_of(session, user.id, MOST_SUGGESTED)
    refs = track_refs(session, {id_ for each in said for id_ in (each.track_id, each.other_id)})
    return RefusedPairs(
        items=[
            RefusedPair(track=refs[each.track_id], other=refs[each.other_id], refused_at=each.refused_at)
            for each in said
        ]
    )


def take_back_refusals(session: Session, user: User, pairs: Sequence[RecordingPair]) -> None:
    same_recordings.forget_refusals(session, user.id, [(pair.track_id, pair.into) for pair in pairs])


def _named(pairs: Sequence[RecordingPair]) -> set[int]:
    return {id_ for pair in pairs for id_ in (pair.track_id, pair.into)}


def _counts_anew(session: Session, user: User) -> None:
    grooves.refresh(session, user.id)
    users.bump_data_version(session, user.id)
