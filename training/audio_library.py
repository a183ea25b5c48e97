"""Which audio files belong to which tracks of the catalogue, told by their tags."""

import hashlib
import unicodedata
from collections import Counter
from pathlib import Path

import pyarrow as pa
from tinytag import TinyTag, TinyTagException

from training.data.export_folder import AUDIO

SUFFIXES = {".flac", ".mp3", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".aac", ".aif", ".aiff"}


def match_library(library: Path | None, tracks: pa.Table) -> pa.Table:
    """The files under `library` whose artist and title tags name a song of `tracks`, as `AUDIO`; prints what matched.

    A title that several tracks of an artist share gives the file to all of them; of several files for one track the
    first by path is taken. Without a library, or with one that is not there, the table is empty.
    """
    if library is None or not library.is_dir():
        print("no audio library: no track gets a sound (set AUDIO_LIBRARY_DIR to a folder of tagged audio files)")
        return AUDIO.empty_table()
    wanted: dict[tuple[str, str], list[str]] = {}
    for key, kind, artist, title in zip(
        *(tracks[name].to_pylist() for name in ("track_key", "kind", "artist_name", "title")), strict=True
    ):
        if kind == "song":
            wanted.setdefault((normalised(artist), normalised(title)), []).append(key)
    found: dict[str, tuple[str, str]] = {}
    verdicts: Counter[str] = Counter()
    for path in sorted(path for path in library.rglob("*") if path.suffix.lower() in SUFFIXES):
        keys = _keys(path, wanted, verdicts)
        new = [key for key in keys if key not in found]
        if new:
            digest = _sha256(path)
            found |= {key: (path.relative_to(library).as_posix(), digest) for key in new}
    print(
        f"audio library: {verdicts['matched']} files matched {len(found)} tracks, {verdicts['no such track']} name no "
        f"track of the catalogue, {verdicts['no tags']} have no artist and title, {verdicts['unreadable']} unreadable"
    )
    rows = [{"track_key": key, "path": path, "sha256": digest} for key, (path, digest) in sorted(found.items())]
    return pa.Table.from_pylist(rows, schema=AUDIO)


def _keys(path: Path, wanted: dict[tuple[str, str], list[str]], verdicts: Counter[str]) -> list[str]:
    try:
        tags = TinyTag.get(path)
    except (TinyTagException, OSError):
        verdicts["unreadable"] += 1
        return []
    if not tags.artist or not tags.title:
        verdicts["no tags"] += 1
        return []
    keys = wanted.get((normalised(tags.artist), normalised(tags.title)), [])
    verdicts["matched" if keys else "no such track"] += 1
    return keys


def normalised(name: str) -> str:
    """NFKC, casefolded, single spaces: the rule by which the catalogue names artists and tracks.

    >>> normalised("  The  BEÅTLES ")
    'the beåtles'
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
