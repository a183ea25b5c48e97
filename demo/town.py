"""Making the whole town in a folder: audio/, exports/, listeners.json, truth.json and, last, the stamp town.json."""

import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from demo.audio_files import plan_recordings, write_recordings
from demo.catalogue import Catalogue, make_catalogue
from demo.dirt import spoil
from demo.export_rows import Row, circumstances, spoken_rows, track_row
from demo.export_zip import write_export
from demo.history import History, make_history
from demo.listeners import LISTENERS, MAIN_HANDLE, PASSWORD, Listener
from demo.params import TownParams
from demo.randomness import stream

STAMP = "town.json"
VIDEO_EVERY = 9
"""Of the podcast episodes, every so-manieth was watched rather than heard and lies in the video file."""


def already_made(folder: Path, params: TownParams, any_end: bool) -> bool:
    """Whether the folder holds this town, whole. With `any_end`, a town that ends on another day will do."""
    stamp = folder / STAMP
    if not stamp.is_file():
        return False
    found, wanted = json.loads(stamp.read_text()), params.stamp()
    if any_end:
        found.pop("end", None)
        wanted.pop("end")
    return bool(found == wanted)


def make_town(folder: Path, params: TownParams) -> Iterator[tuple[str, int, int]]:
    """Write the town, yielding (what, done, of how many) as it grows. Half made, it has no stamp and is made anew."""
    for old in ("audio", "exports"):
        shutil.rmtree(folder / old, ignore_errors=True)
        (folder / old).mkdir(parents=True)
    (folder / STAMP).unlink(missing_ok=True)
    catalogue = make_catalogue(params)
    processes = min(4, os.cpu_count() or 1)
    people = people_of(params)
    truth_of: dict[str, Any] = {}
    with ProcessPoolExecutor(processes) as pool:
        jobs = ((listener, params, folder / "exports") for listener in people)
        for done, (handle, truth) in enumerate(pool.map(_export_job, jobs), start=1):
            truth_of[handle] = truth
            yield "listening histories", done, len(people)
    recordings = plan_recordings(catalogue, params, folder / "audio")
    for done, _ in enumerate(write_recordings(recordings, processes), start=1):
        yield "audio files", done, len(recordings)
    _write_json(folder / "listeners.json", [public_listener(listener) for listener in people])
    names = [str(recording.path.relative_to(folder)) for recording in recordings]
    _write_json(folder / "truth.json", {**catalogue_truth(catalogue, names), "listeners": truth_of})
    _write_json(folder / STAMP, params.stamp())


def people_of(params: TownParams) -> tuple[Listener, ...]:
    """Everybody, or where the town is to be small, those with the shortest histories."""
    if params.listeners is None:
        return LISTENERS
    return tuple(sorted(LISTENERS, key=lambda listener: listener.plays)[: params.listeners])


def public_listener(listener: Listener) -> dict[str, object]:
    """What is needed to sign a listener in."""
    return {
        "handle": listener.handle,
        "display_name": listener.display_name,
        "email": listener.email,
        "password": PASSWORD,
        "time_zone": listener.time_zone,
        "main": listener.handle == MAIN_HANDLE,
    }


def _export_job(job: tuple[Listener, TownParams, Path]) -> tuple[str, dict[str, Any]]:
    listener, params, folder = job
    catalogue = make_catalogue(params)
    history = make_history(listener, catalogue, params)
    return listener.handle, export_history(history, catalogue, params, folder)


def export_history(history: History, catalogue: Catalogue, params: TownParams, folder: Path) -> dict[str, Any]:
    """Write `<handle>.zip` and return what is true of it: tastes, spells, clean counts, dirt."""
    listener = history.listener
    rng = stream(params.seed, "export", listener.handle)
    rows: list[Row] = []
    around = None
    last_of = {play.session: play.ended_ms for play in history.plays}
    session = -1
    for play in history.plays:
        if around is None or play.session != session:
            session = play.session
            around = circumstances(rng, history, history.sessions[session], last_of[session], params)
        rows.append(track_row(rng, catalogue, play, around, params))
    spoken = list(spoken_rows(rng, history, params)) if listener.podcasts else []
    video = [row for place, row in enumerate(spoken) if row["episode_name"] and place % VIDEO_EVERY == 0]
    rows += [row for row in spoken if not any(row is watched for watched in video)]
    rows.sort(key=lambda row: str(row["ts"]))
    rows, dirt = spoil(rng, rows)
    path = folder / f"{listener.handle}.zip"
    entries = write_export(path, rows, video, listener.handle, listener.old_format, params.seed)
    return {
        "rows": len(rows) + len(video),
        "plays": len(history.plays),
        "spoken": len(spoken),
        "entries": entries,
        "dirt": dirt.counts(),
        "ms_played": sum(play.ms_played for play in history.plays),
        "first_started_ms": history.plays[0].started_ms,
        "last_ended_ms": history.plays[-1].ended_ms,
        "tastes": listener.tastes,
        "later": listener.later,
        "spells": [
            {
                "about": spell.about,
                "first": (params.end - timedelta(days=int(listener.years * 365.25) - 1 - spell.first)).isoformat(),
                "last": (params.end - timedelta(days=int(listener.years * 365.25) - 1 - spell.last)).isoformat(),
            }
            for spell in history.taste.spells
        ],
    }


def catalogue_truth(catalogue: Catalogue, files: list[str]) -> dict[str, Any]:
    """Styles and character of everything, for tests and benchmarks; no part of the product reads it."""
    tracks = []
    for track in catalogue.tracks:
        tracks.append(
            {
                "uri": track.uri,
                "title": track.name,
                "artist": catalogue.artist_of(track).name,
                "album": catalogue.album_of(track).name,
                "released": catalogue.album_of(track).released.isoformat(),
                "style": track.style,
                "character": track.character,
                "never_played": track.never_played,
                "single": track.single[0] if track.single else None,
                "file": files[track.number] if track.number < len(files) else None,
            }
        )
    return {"artists": [asdict(artist) for artist in catalogue.artists], "tracks": tracks}


def _write_json(path: Path, content: object) -> None:
    """Whole or not at all."""
    half = path.with_suffix(".part")
    half.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    half.replace(path)
