"""The town's music: artists with a signature, their albums over the years, and the tracks on them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from demo.names import ARTISTS, ENDINGS, FIRST, SECOND, SINGLE_WORDS
from demo.params import TownParams
from demo.randomness import base62, stream
from demo.styles import STYLE_BY_KEY, STYLE_KEYS

CHARACTER_AXES = ("brightness", "energy", "colour", "space")
"""What makes an artist sound like itself. Audible in the synthesis, and what listeners like or not."""

NEVER_PLAYED = 30
SINGLES_AHEAD = 6


@dataclass(frozen=True)
class Artist:
    """An artist with a home style, sometimes a second one, and a place on the axes of character."""

    name: str
    style: str
    second_style: str | None
    character: tuple[float, ...]
    popularity: float


@dataclass(frozen=True)
class Album:
    """A release; its character is the artist's, drifted by the years."""

    name: str
    artist: int
    style: str
    released: date
    character: tuple[float, ...]


@dataclass(frozen=True)
class Track:
    """One recording. `single` is a second URI and an earlier day: it came out alone before the album."""

    number: int
    uri: str
    name: str
    artist: int
    album: int
    position: int
    style: str
    character: tuple[float, ...]
    duration_ms: int
    never_played: bool
    single: tuple[str, date] | None


@dataclass(frozen=True)
class Catalogue:
    """All artists, albums and tracks; a track's `artist` and `album` are indices into the other two."""

    artists: tuple[Artist, ...]
    albums: tuple[Album, ...]
    tracks: tuple[Track, ...]

    def artist_of(self, track: Track) -> Artist:
        """Who made the track."""
        return self.artists[track.artist]

    def album_of(self, track: Track) -> Album:
        """What it was released on."""
        return self.albums[track.album]


def make_catalogue(params: TownParams) -> Catalogue:
    """The whole catalogue, a pure function of seed and end (release days count back from the end)."""
    artists = _make_artists(params.seed)
    albums: list[Album] = []
    tracks: list[Track] = []
    taken: set[tuple[str, str]] = set()
    for index, artist in enumerate(artists):
        rng = stream(params.seed, "discography", artist.name)
        for album in _make_albums(rng, index, artist, params):
            albums.append(album)
            count = int(rng.integers(2, 6)) + (1 if artist.popularity > 1.6 else 0)
            for position in range(1, count + 1):
                tracks.append(_make_track(params.seed, rng, artists, albums, len(tracks), position, taken))
    return Catalogue(artists, tuple(albums), _mark_special(params.seed, albums, tracks))


def _make_artists(seed: int) -> tuple[Artist, ...]:
    artists = []
    for style_index, (style, names) in enumerate(ARTISTS.items()):
        for order, name in enumerate(names):
            rng = stream(seed, "artist", name)
            neighbours = [STYLE_KEYS[(style_index + step) % len(STYLE_KEYS)] for step in (-1, 1)]
            second = str(rng.choice(neighbours)) if rng.random() < 0.25 else None
            artists.append(Artist(name, style, second, _clipped(rng.normal(0, 1, 4)), float(1.9 / (1 + 0.35 * order))))
    return tuple(artists)


def _clipped(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in np.clip(values, -2.0, 2.0).round(4))


def _make_albums(rng: np.random.Generator, index: int, artist: Artist, params: TownParams) -> list[Album]:
    """One to three releases (or times as many), four of ten of them young: there is always something new."""
    count = (1 + int(rng.random() < 0.55) + int(rng.random() < 0.15 + 0.2 * artist.popularity)) * params.records
    newest = int(rng.integers(15, 1300))
    ages = sorted((newest + int(rng.integers(330, 1100)) * step for step in range(count)), reverse=True)
    character = np.array(artist.character)
    heading = rng.normal(0, 0.35, 4)
    albums: list[Album] = []
    for release, age in enumerate(ages):
        style = artist.second_style if artist.second_style and release % 2 == 1 else artist.style
        name = artist.name if release == 0 and rng.random() < 0.4 else _two_words(rng, style)
        while any(album.name == name for album in albums):
            name = _two_words(rng, style)
        albums.append(
            Album(name, index, style, params.end - timedelta(days=age), _clipped(character + heading * release))
        )
    return albums


def _make_track(
    seed: int,
    rng: np.random.Generator,
    artists: tuple[Artist, ...],
    albums: list[Album],
    number: int,
    position: int,
    taken: set[tuple[str, str]],
) -> Track:
    album = albums[-1]
    artist = artists[album.artist]
    name = _track_name(rng, album.style)
    while (artist.name, name) in taken:
        name = _track_name(rng, album.style)
    taken.add((artist.name, name))
    mean, spread = STYLE_BY_KEY[album.style].minutes
    minutes = float(np.clip(rng.normal(mean, spread), 1.1, 11.0))
    return Track(
        number=number,
        uri="spotify:track:" + base62(seed, "track", artist.name, album.name, name),
        name=name,
        artist=album.artist,
        album=len(albums) - 1,
        position=position,
        style=album.style,
        character=_clipped(np.array(album.character) + rng.normal(0, 0.3, 4)),
        duration_ms=int(minutes * 60_000),
        never_played=False,
        single=None,
    )


def _track_name(rng: np.random.Generator, style: str) -> str:
    if rng.random() < 0.15:
        return str(rng.choice(SINGLE_WORDS[style]))
    return f"{_two_words(rng, style)}{rng.choice(ENDINGS)}"


def _two_words(rng: np.random.Generator, style: str) -> str:
    return f"{rng.choice(FIRST[style])} {rng.choice(SECOND[style])}"


def _mark_special(seed: int, albums: list[Album], tracks: list[Track]) -> tuple[Track, ...]:
    """Some tracks nobody ever plays (they exist as audio only); some came out as a single first, with its own URI."""
    rng = stream(seed, "special tracks")
    order = rng.permutation(len(tracks))
    silent = {int(number) for number in order[:NEVER_PLAYED]}
    ahead = {int(number) for number in order[NEVER_PLAYED : NEVER_PLAYED + SINGLES_AHEAD]}
    marked = []
    for track in tracks:
        single = None
        if track.number in ahead:
            day = albums[track.album].released - timedelta(days=int(rng.integers(20, 70)))
            single = ("spotify:track:" + base62(seed, "single", track.uri), day)
        marked.append(replace(track, never_played=track.number in silent, single=single))
    return tuple(marked)
