"""Style and artist can be heard: plain statistics of the sound find them again, far better than chance."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tinytag import TinyTag

from demo.audio_files import plan_recordings, write_recording
from demo.catalogue import Catalogue, Track
from demo.params import TownParams
from demo.styles import STYLE_KEYS
from demo.synth import render

PER_STYLE = 12
Array = np.ndarray


def sound_of(track: Track, catalogue: Catalogue, params: TownParams) -> Array:
    return render(
        params.seed, catalogue.artist_of(track).name, track.name, track.style, track.character, 6.0, params.sample_rate
    )


def features(sound: Array, rate: int) -> Array:
    """Log energy in 16 bands, how much they vary, and the loudness envelope's autocorrelation (tempo, rhythm)."""
    size, hop = 1024, 256
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)[::hop] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames)) ** 2
    borders = np.geomspace(2, size // 2, 17).astype(int)
    bands = np.log(np.add.reduceat(power, borders[:-1], axis=1) + 1e-6)
    flux = np.maximum(0.0, np.diff(bands, axis=0)).sum(axis=1)
    flux -= flux.mean()
    pulse = np.correlate(flux, flux, "full")[len(flux) :]
    lags = np.geomspace(0.16, 1.1, 13) * rate / hop
    rhythm = np.array([pulse[int(low) : int(high) + 1].max() for low, high in pairwise(lags)])
    return np.concatenate([bands.mean(axis=0), bands.std(axis=0), 3 * rhythm / pulse[:3].max()])


@pytest.fixture(scope="module")
def heard(catalogue: Catalogue, params: TownParams) -> tuple[Array, Array, Array]:
    """z-scored features, style and artist of some tracks of every style."""
    chosen = [
        track
        for style in STYLE_KEYS
        for track in [track for track in catalogue.tracks if track.style == style][: 3 * PER_STYLE : 3]
    ]
    table = np.array([features(sound_of(track, catalogue, params), params.sample_rate) for track in chosen])
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    return table, np.array([track.style for track in chosen]), np.array([track.artist for track in chosen])


def test_the_nearest_track_of_another_artist_is_of_the_same_style(heard: tuple[Array, Array, Array]) -> None:
    table, styles, artists = heard
    distance = np.linalg.norm(table[:, None] - table[None], axis=2)
    distance[artists[:, None] == artists[None]] = np.inf
    found = styles[distance.argmin(axis=1)] == styles
    assert found.mean() > 0.7, "chance is 0.125"


def test_within_a_style_the_nearest_track_is_often_of_the_same_artist(heard: tuple[Array, Array, Array]) -> None:
    table, styles, artists = heard
    distance = np.linalg.norm(table[:, None] - table[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    distance[styles[:, None] != styles[None]] = np.inf
    found = artists[distance.argmin(axis=1)] == artists
    same = (artists[:, None] == artists[None]) & (styles[:, None] == styles[None])
    of_style = (styles[:, None] == styles[None]).sum(axis=1) - 1
    chance = ((same.sum(axis=1) - 1) / of_style).mean()
    assert found.mean() > 2 * chance


def test_a_recording_is_the_same_bytes_again_with_complete_tags(
    catalogue: Catalogue, params: TownParams, tmp_path: Path
) -> None:
    recording = plan_recordings(catalogue, params, tmp_path)[5]
    write_recording(recording)
    first = recording.path.read_bytes()
    recording.path.unlink()
    write_recording(recording)
    assert recording.path.read_bytes() == first
    track = catalogue.tracks[5]
    tags = TinyTag.get(recording.path)
    assert (tags.title, tags.artist, tags.album) == (
        track.name,
        catalogue.artist_of(track).name,
        catalogue.album_of(track).name,
    )
    sound, rate = soundfile.read(recording.path)
    assert rate == params.sample_rate
    assert len(sound) == int(params.seconds * rate)
    assert 0.65 < np.abs(sound).max() < 0.75


def test_every_file_has_its_own_plain_name(catalogue: Catalogue, params: TownParams, tmp_path: Path) -> None:
    names = [recording.path.name for recording in plan_recordings(catalogue, params, tmp_path)]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and "/" not in name for name in names)
