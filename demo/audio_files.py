"""The town's audio library: one FLAC per track with complete tags, as a collector's folder would have it."""

import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import soundfile

from demo.catalogue import Catalogue
from demo.params import TownParams
from demo.styles import STYLE_BY_KEY
from demo.synth import render


@dataclass(frozen=True)
class Recording:
    """One file to write: where, what is played, and its tags."""

    path: Path
    seed: int
    style: str
    character: tuple[float, ...]
    seconds: float
    rate: int
    tags: dict[str, str]


def plan_recordings(catalogue: Catalogue, params: TownParams, folder: Path) -> list[Recording]:
    """One recording per track, in catalogue order, named `artist - album - NN title.flac`."""
    recordings = []
    for track in catalogue.tracks[: params.audio_tracks]:
        artist, album = catalogue.artist_of(track), catalogue.album_of(track)
        tags = {
            "artist": artist.name,
            "title": track.name,
            "album": album.name,
            "tracknumber": str(track.position),
            "date": album.released.isoformat(),
            "genre": STYLE_BY_KEY[track.style].name,
            "comment": "An excerpt, synthesised for the Tonearm demo town",
        }
        name = f"{artist.name} - {album.name} - {track.position:02d} {track.name}.flac"
        recordings.append(
            Recording(
                folder / plain_file_name(name),
                params.seed,
                track.style,
                track.character,
                params.seconds,
                params.sample_rate,
                tags,
            )
        )
    return recordings


def plain_file_name(name: str) -> str:
    """The name in ASCII without characters that a file system may refuse."""
    decomposed = unicodedata.normalize("NFKD", name.replace("Ø", "O").replace("Þ", "Th").replace("ł", "l"))
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    return re.sub(r'[<>:"/\\|?*]', "_", ascii_only)


def write_recording(recording: Recording) -> Path:
    """Synthesise and write one 16-bit FLAC."""
    sound = render(
        recording.seed,
        recording.tags["artist"],
        recording.tags["title"],
        recording.style,
        recording.character,
        recording.seconds,
        recording.rate,
    )
    with soundfile.SoundFile(
        recording.path, "w", samplerate=recording.rate, channels=1, format="FLAC", subtype="PCM_16"
    ) as file:
        for tag, value in recording.tags.items():
            setattr(file, tag, value)
        file.write(sound)
    return recording.path


def write_recordings(recordings: list[Recording], processes: int = 2) -> Iterator[Path]:
    """Write all of them, yielding each path when it is done (in order)."""
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(write_recording, recordings, chunksize=8)
