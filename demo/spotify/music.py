"""The town's tracks as Spotify's Web API describes tracks, and a listener who never stops playing them."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from demo.catalogue import Album, Artist, Catalogue, Track, make_catalogue
from demo.params import TownParams, yesterday
from demo.randomness import stream
from demo.town import STAMP

BEGAN_BEFORE = timedelta(hours=3)
GUEST_EVERY = 7
"""Every so-manieth track credits a second artist."""


class Music:
    """The catalogue of the town that lies in `folder`, or of a town as it would be made today."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._catalogue: Catalogue | None = None
        self._by_id: dict[str, Track] = {}
        self.began = datetime.now(UTC)

    @property
    def catalogue(self) -> Catalogue:
        """Made at the first question: the stand-in starts before the town is there."""
        if self._catalogue is None:
            self._catalogue = make_catalogue(self._params())
            self._by_id = {track.uri.rpartition(":")[2]: track for track in self._catalogue.tracks}
        return self._catalogue

    def track(self, spotify_id: str) -> Track | None:
        return self._by_id.get(spotify_id) if self.catalogue else None

    def on_air(self, account_id: str, now: datetime) -> Iterator[tuple[datetime, int]]:
        """What an account that never stops has played, from three hours before the stand-in started: (end, track)."""
        playable = [track for track in self.catalogue.tracks if not track.never_played]
        favourites = stream(int(self.began.timestamp()) // 86_400, "on air", account_id)
        at = self.began - BEGAN_BEFORE
        while True:
            track = playable[int(favourites.beta(0.6, 3.0) * len(playable))]
            at += timedelta(milliseconds=track.duration_ms)
            if at > now:
                return
            yield at, track.number

    def described(self, track: Track, base: str) -> dict[str, Any]:
        """A full track object, without the fields that new apps no longer get. `base` is the stand-in's own address."""
        catalogue = self.catalogue
        artist, album = catalogue.artist_of(track), catalogue.album_of(track)
        artists = [self._artist(artist)]
        if track.number % GUEST_EVERY == 0:
            artists.append(self._artist(catalogue.artists[(track.artist + 1) % len(catalogue.artists)]))
        spotify_id = track.uri.rpartition(":")[2]
        return {
            "album": self._album(album, artist, base),
            "artists": artists,
            "disc_number": 1,
            "duration_ms": track.duration_ms,
            "explicit": False,
            "external_ids": {"isrc": f"QZTWN{track.number:07d}"},
            "href": f"{base}/v1/tracks/{spotify_id}",
            "id": spotify_id,
            "is_local": False,
            "name": track.name,
            "track_number": track.position,
            "type": "track",
            "uri": track.uri,
        }

    def _album(self, album: Album, artist: Artist, base: str) -> dict[str, Any]:
        spotify_id = _id("album", artist.name, album.name)
        pictures = [(640, "640"), (300, "300"), (64, "64")]
        return {
            "album_type": "album",
            "artists": [self._artist(artist)],
            "id": spotify_id,
            "images": [
                {"height": width, "width": width, "url": f"{base}/covers/{spotify_id}/{name}.svg"}
                for width, name in pictures
            ],
            "name": album.name,
            "release_date": album.released.isoformat(),
            "release_date_precision": "day",
            "total_tracks": 4,
            "type": "album",
            "uri": f"spotify:album:{spotify_id}",
        }

    def _artist(self, artist: Artist) -> dict[str, Any]:
        spotify_id = _id("artist", artist.name)
        return {"id": spotify_id, "name": artist.name, "type": "artist", "uri": f"spotify:artist:{spotify_id}"}

    def _params(self) -> TownParams:
        stamp = self._folder / STAMP if self._folder is not None else None
        if stamp is None or not stamp.is_file():
            return TownParams(end=yesterday())
        kept = json.loads(stamp.read_text())
        return TownParams(
            end=date.fromisoformat(kept["end"]), seed=int(kept["seed"]), records=int(kept.get("records", 1))
        )


def cover(album_id: str, width: int) -> str:
    """A square picture that is the same for the same album, as SVG."""
    digest = hashlib.sha256(album_id.encode()).digest()
    hue, turn = digest[0] * 360 // 256, digest[1] * 360 // 256
    rings = "".join(_ring(ring, (hue + turn * ring // 5) % 360, 1 + digest[2 + ring] % 4) for ring in range(6))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width}" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="hsl({hue} 32% 16%)"/>{rings}</svg>'
    )


def _ring(number: int, hue: int, width: int) -> str:
    shape = f'cx="50" cy="50" r="{44 - 7 * number}" fill="none"'
    return f'<circle {shape} stroke="hsl({hue} 60% 62%)" stroke-width="{width}"/>'


def _id(*words: str) -> str:
    digest = hashlib.sha256("\n".join(words).encode()).digest()
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(alphabet[byte % 62] for byte in digest[:22])
