"""A training export taken while pairs are written holds both of a pair or none, and knows every track it names."""

import threading
from pathlib import Path

import psycopg

from tests.training.test_export import EVERYTHING, as_trainer, town
from training.data.export_folder import ExportFolder
from training.export import export

__all__ = ["town"]
EXPORTS = 4
PAIR = """
WITH track AS (
    INSERT INTO tracks (key, name, name_key, artist_id)
    SELECT 'spotify:track:pair' || %(n)s, 'Pair', 'pair', min(id) FROM artists RETURNING id
)
INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source)
SELECT users.id, track.id, timestamptz '2025-04-01Z' + %(n)s * interval '1 min' + half * interval '20 s',
       timestamptz '2025-04-01Z' + %(n)s * interval '1 min' + half * interval '10 s', 10000, 'spotify_export'
FROM users, track, generate_series(0, 1) half WHERE users.handle = 'ada'
"""


def test_both_of_a_pair_or_none(town: str, tmp_path: Path) -> None:
    done = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        with psycopg.connect(town) as connection:
            while not done.is_set():
                with connection.transaction():
                    connection.execute(PAIR, {"n": written})
                written += 1

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []
    try:
        trainer = as_trainer(town)
        for number in range(EXPORTS):
            folder = tmp_path / str(number)
            export(trainer, None, EVERYTHING, folder)
            plays = ExportFolder(folder).plays().to_pylist()
            pairs = [row["track_key"] for row in plays if "pair" in row["track_key"]]
            assert all(pairs.count(key) == 2 for key in set(pairs))
            known = {row["track_key"] for row in ExportFolder(folder).tracks().to_pylist()}
            assert {row["track_key"] for row in plays} <= known
            seen.append(len(pairs))
    finally:
        done.set()
        writer.join(timeout=30)
    assert seen == sorted(seen)
    assert 0 < seen[-1] <= 2 * written
