"""The town's ZIPs are what the product's importer expects of Spotify's, dirt and all."""

import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Any

import pytest

from demo.catalogue import Catalogue
from demo.dirt import spoil
from demo.export_zip import MOST_BYTES
from demo.history import History, make_history
from demo.listeners import LISTENERS
from demo.params import TownParams
from demo.randomness import stream
from demo.town import export_history
from platform_api.services.importing.archive import ArchiveLimits, open_upload
from platform_api.services.importing.batches import PreparedBatch, prepare
from platform_api.services.importing.formats import HistoryFormat, find_history

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def export(
    history: History, catalogue: Catalogue, params: TownParams, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("exports")
    truth = export_history(history, catalogue, params, folder)
    return folder / f"{history.listener.handle}.zip", truth


def judged(path: Path) -> list[PreparedBatch]:
    """All rows with the product's own verdicts."""
    batches: list[PreparedBatch] = []
    with open_upload(path, path.name, ArchiveLimits()) as archive:
        for file in find_history(archive):
            if isinstance(file.format, HistoryFormat):
                assert file.state == "queued"
                with archive.open(file.entry) as rows:
                    batches += prepare(rows, file.format, NOW, 0)
    return batches


def test_every_row_gets_the_verdict_that_it_was_made_for(export: tuple[Path, dict[str, Any]]) -> None:
    path, truth = export
    batches = judged(path)
    assert sum(batch.rows for batch in batches) == truth["rows"]
    verdicts = sum((batch.counts for batch in batches), Counter())
    assert verdicts == {("skipped", "nothing_named"): truth["dirt"]["nothing_named"]}


def test_the_starts_that_the_product_reckons_are_the_starts_that_were_played(
    export: tuple[Path, dict[str, Any]], history: History, catalogue: Catalogue
) -> None:
    reckoned: dict[str, list[float]] = {}
    for batch in judged(export[0]):
        for _, play in batch.plays:
            if play.ms_played:
                reckoned.setdefault(f"{play.item.artist}\n{play.item.title}", []).append(play.started_at.timestamp())
    lost = 0
    for played in history.plays:
        track = catalogue.tracks[played.track]
        starts = reckoned.get(f"{catalogue.artist_of(track).name}\n{track.name}", [inf])
        lost += min(abs(start - played.started_ms / 1000) for start in starts) >= 1.0
    dirt = export[1]["dirt"]
    assert lost <= dirt["names_missing"] + dirt["nothing_named"]


def test_the_same_history_is_the_same_zip(
    export: tuple[Path, dict[str, Any]], history: History, catalogue: Catalogue, params: TownParams, tmp_path: Path
) -> None:
    export_history(history, catalogue, params, tmp_path)
    assert (tmp_path / export[0].name).read_bytes() == export[0].read_bytes()


def test_names_sizes_and_what_lies_beside(export: tuple[Path, dict[str, Any]]) -> None:
    with zipfile.ZipFile(export[0]) as archive:
        infos = archive.infolist()
        assert any("/Streaming_History_Audio_2024-2026_0.json" in info.filename for info in infos)
        assert any(info.filename.endswith(".pdf") for info in infos)
        assert all(info.file_size <= MOST_BYTES for info in infos)


def test_the_dirt_of_real_exports_is_there(export: tuple[Path, dict[str, Any]]) -> None:
    rows: list[dict[str, Any]] = []
    with zipfile.ZipFile(export[0]) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                rows += json.loads(archive.read(name))
    texts = Counter(json.dumps(row, sort_keys=True) for row in rows)
    assert sum(count - 1 for count in texts.values()) == export[1]["dirt"]["exact_duplicates"] > 5
    assert sum(row["ms_played"] == 0 for row in rows) == export[1]["dirt"]["zero_ms"] > 5
    assert any(row["spotify_track_uri"] and not row["master_metadata_track_name"] for row in rows)
    assert any(row["offline"] and row["offline_timestamp"] > 10**9 for row in rows)
    assert any(row["incognito_mode"] for row in rows)
    assert {row["skipped"] for row in rows} >= {True, False}
    assert len({row["reason_end"] for row in rows}) >= 6
    assert all(row["ip_addr"].startswith(("192.0.2.", "198.51.100.", "203.0.113.")) for row in rows)


def test_podcasts_an_audiobook_and_the_old_format(catalogue: Catalogue, params: TownParams, tmp_path: Path) -> None:
    old = next(listener for listener in LISTENERS if listener.old_format)
    truth = export_history(make_history(old, catalogue, params), catalogue, params, tmp_path)
    assert [Path(name).name for name in truth["entries"]] == ["endsong_0.json", "ReadMeFirst.pdf"]
    assert sum(batch.rows for batch in judged(tmp_path / f"{old.handle}.zip")) == truth["rows"]
    main = next(listener for listener in LISTENERS if listener.podcasts)
    truth = export_history(make_history(main, catalogue, params), catalogue, params, tmp_path)
    assert any("Video" in name for name in truth["entries"])
    kinds = Counter(play.item.kind for batch in judged(tmp_path / f"{main.handle}.zip") for _, play in batch.plays)
    assert kinds["episode"] > 50
    assert kinds["chapter"] > 5


def test_dirt_changes_no_row_that_it_was_given() -> None:
    row = {"ts": "2026-01-01T00:00:00Z", "spotify_track_uri": "spotify:track:1", "ms_played": 5, "offline": False}
    rows = [dict(row) for _ in range(3000)]
    spoiled, dirt = spoil(stream(1, "dirt"), rows)
    assert all(given == row for given in rows)
    assert len(spoiled) == len(rows) + dirt.exact_duplicates + dirt.zero_ms
