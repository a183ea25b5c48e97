"""The whole story of a track, an artist or an album with the listener."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, hiding, listening, recordings, told
from platform_api.crud.catalogue import AlbumRow, TrackRow
from platform_api.crud.listening import EVER, During
from platform_api.crud.recommendations import counted_plays
from platform_api.models import Artist, User
from platform_api.schemas.care import MergedTrack
from platform_api.schemas.library import AlbumDetail, AlbumStory, ArtistAlbum, ArtistStory, TrackStory
from platform_api.schemas.sound import ArtistTrack, ListeningStory
from platform_api.schemas.tracks import NamedRef
from platform_api.services.analytics import questions
from platform_api.services.analytics.spans import Span
from platform_api.services.analytics.story import Subject, per_item, play_story, subject
from platform_api.services.sound.details import KINDS
from platform_api.services.sound.references import track_refs

MOST_VERSIONS, MOST_ALBUMS, MOST_AS_GUEST = 8, 12, 8
MOST_VERSIONS_READ = 50


def track_story(session: Session, user: User, track: TrackRow, span: Span | None = None) -> TrackStory:
    counted = recordings.counted_track(session, user.id, track.id)
    merges = recordings.merges_of(session, user.id, counted)
    refs = track_refs(session, [each.track_id for each in merges])
    together = {counted, *refs}
    versions = catalogue.versions_of(session, counted, MOST_VERSIONS_READ)
    may_be_told = told.tracks(session, user.id, versions)
    others = [id_ for id_ in versions if id_ in may_be_told - together]
    return TrackStory(
        **play_story(session, subject(session, user, "tracks", counted), span),
        credited=[NamedRef(id=id_, name=name) for id_, name in catalogue.credited_artists(session, counted)],
        together=[MergedTrack(track=refs[each.track_id], why=each.why, merged_at=each.merged_at) for each in merges],
        other_versions=_counted(session, user, others, span)[:MOST_VERSIONS],
    )


def artist_story(session: Session, user: User, artist: Artist, span: Span | None = None) -> ArtistStory:
    about = subject(session, user, "artists", artist.id)
    hidden = {each.artist_id: each.plays for each in hiding.hidden_artists(session, user.id)}
    guest = _counted(session, user, catalogue.guest_tracks(session, artist.id), span)
    return ArtistStory(
        **play_story(session, about, span),
        hidden=artist.id in hidden,
        hidden_plays=hidden.get(artist.id, 0),
        albums=_albums(session, about.within(span))[:MOST_ALBUMS],
        as_guest=[each for each in guest if each.plays][:MOST_AS_GUEST],
    )


def album_detail(session: Session, user: User, album: AlbumRow, during: During = EVER) -> AlbumDetail:
    """Tracks that count as another one are left out: their plays are that one's, and of its album."""
    ids = sorted(told.tracks(session, user.id, listening.tracks_of(session, album_id=album.id)))
    away = recordings.counted_tracks(session, user.id, ids)
    shown = [id_ for id_ in ids if id_ not in away]
    refs = track_refs(session, shown)
    counts = counted_plays(session, user.id, shown, during)
    tracks = [
        ArtistTrack(
            track=refs[id_],
            plays=counts[id_].plays if id_ in counts else 0,
            listens=counts[id_].listens if id_ in counts else 0,
        )
        for id_ in shown
    ]
    tracks.sort(key=lambda each: (-each.listens, -each.plays, each.track.name.casefold()))
    story = ListeningStory.model_validate(listening.album_history(session, user.id, album.id, during))
    return AlbumDetail(
        **dict(story),
        album=NamedRef(id=album.id, name=album.name),
        artist=NamedRef(id=album.artist_id, name=album.artist_name),
        kind=KINDS[album.artist_kind],
        release_date=album.release_date,
        cover_url=album.cover_url,
        tracks=tracks,
        tracks_known=len(ids),
    )


def album_story(session: Session, user: User, album: AlbumRow, span: Span | None = None) -> AlbumStory:
    others = _albums(session, subject(session, user, "artists", album.artist_id).within(span))
    return AlbumStory(
        **play_story(session, subject(session, user, "albums", album.id), span),
        other_albums=[each for each in others if each.album.id != album.id][:MOST_ALBUMS],
    )


def _albums(session: Session, about: Subject) -> list[ArtistAlbum]:
    sums = per_item(about, "albums")
    rows = catalogue.album_rows(session, [id_ for id_, *_ in sums])
    return [
        ArtistAlbum(
            album=NamedRef(id=id_, name=rows[id_].name),
            release_date=rows[id_].release_date,
            tracks=tracks,
            listens=listens,
            ms_played=ms,
        )
        for id_, tracks, listens, ms in sums
    ]


def _counted(session: Session, user: User, ids: Collection[int], span: Span | None) -> list[ArtistTrack]:
    """The most listened to first."""
    refs = track_refs(session, ids)
    counts = counted_plays(session, user.id, ids, questions.during(user, span))
    tracks = [
        ArtistTrack(
            track=refs[id_],
            plays=counts[id_].plays if id_ in counts else 0,
            listens=counts[id_].listens if id_ in counts else 0,
        )
        for id_ in ids
        if id_ in refs
    ]
    return sorted(tracks, key=lambda each: (-each.listens, -each.plays, each.track.name))
