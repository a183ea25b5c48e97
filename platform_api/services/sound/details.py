"""A track or an artist with the listener's own story."""

from typing import cast

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, enrichment, listening, recordings, sound, told
from platform_api.crud.catalogue import TrackRow
from platform_api.crud.listening import EVER, During
from platform_api.crud.recommendations import counted_plays, is_loved
from platform_api.models import Artist
from platform_api.schemas.sound import ArtistDetail, ArtistTrack, ListeningStory, TrackDetail
from platform_api.schemas.tracks import NamedRef, TrackKind
from platform_api.services.importing.identity import ARTIST_KINDS
from platform_api.services.sound.references import track_refs
from platform_api.services.sound.similar import source_of

MOST_TRACKS = 200
KINDS = {artist: cast(TrackKind, track) for track, artist in ARTIST_KINDS.items()}
"""What the tracks of each kind of artist are."""


def track_detail(session: Session, user_id: int, track: TrackRow, during: During = EVER) -> TrackDetail:
    """A track that counts as another one to the listener is told as that one."""
    counted = recordings.counted_track(session, user_id, track.id)
    ref = track_refs(session, [counted])[counted]
    track = catalogue.track_row(session, counted) or track
    version = sound.newest_version_that_heard(session, counted)
    story = ListeningStory.model_validate(listening.track_history(session, user_id, counted, during))
    known = enrichment.told_about(session, counted)
    return TrackDetail(
        track=ref,
        kind=cast(TrackKind, track.kind),
        album=ref.album,
        artist=ref.artist,
        duration_ms=track.duration_ms,
        has_sound=ref.has_sound,
        heard_from=source_of(session, track.id, version) if version else None,
        cover_url=known.cover_url,
        released=known.released,
        guests=[NamedRef(id=artist_id, name=name) for artist_id, name in known.guests],
        loved=is_loved(session, user_id, counted),
        **dict(story),
    )


def artist_detail(session: Session, user_id: int, artist: Artist, during: During = EVER) -> ArtistDetail:
    """At most `MOST_TRACKS` tracks, the listener's most listened first, then by name those that they may be told of."""
    every = listening.tracks_of(session, artist_id=artist.id)
    away = recordings.counted_tracks(session, user_id, every)
    counts = counted_plays(session, user_id, [track_id for track_id in every if track_id not in away], during)
    played = sorted(counts, key=lambda track_id: (-counts[track_id].listens, -counts[track_id].plays))[:MOST_TRACKS]
    by_name = catalogue.tracks_of_artist(session, artist.id, MOST_TRACKS + len(away) + len(counts))
    others = [row.id for row in by_name if row.id not in away and row.id not in counts][: MOST_TRACKS - len(played)]
    may_be_told = told.tracks(session, user_id, others)
    ids = [*played, *(track_id for track_id in others if track_id in may_be_told)]
    refs = track_refs(session, ids)
    tracks = [
        ArtistTrack(
            track=refs[track_id],
            plays=counts[track_id].plays if track_id in counts else 0,
            listens=counts[track_id].listens if track_id in counts else 0,
        )
        for track_id in ids
    ]
    tracks.sort(key=lambda each: (-each.listens, -each.plays, each.track.name.casefold() if each.plays else ""))
    story = ListeningStory.model_validate(listening.artist_history(session, user_id, artist.id, during))
    return ArtistDetail(
        artist=NamedRef(id=artist.id, name=artist.name), kind=KINDS[artist.kind], tracks=tracks, **dict(story)
    )
