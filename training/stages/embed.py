"""Audio files → `data/embeddings.parquet`, through the embedder's own predictor."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from modeling.bundle import Predictor, load_predictor
from training import paths
from training.data.export_folder import ExportFolder
from training.stages.absence import absence

EMBEDDINGS = pa.schema([("track_key", pa.string()), ("embedding", pa.list_(pa.float32()))])


def run() -> None:
    """A file that cannot be heard is named and left out; without an embedder the table is empty."""
    bundle = paths.bundle_folder("audio_embedder")
    rows = [] if absence(bundle) else _hear(load_predictor(bundle), ExportFolder(paths.EXPORT).audio().to_pylist())
    pq.write_table(pa.Table.from_pylist(rows, schema=EMBEDDINGS), paths.EMBEDDINGS)
    print(f"{len(rows)} tracks have a sound")


def _hear(predictor: Predictor, audio: list[dict[str, str]]) -> list[dict[str, object]]:
    heard: dict[str, list[float] | None] = {}
    for row in audio:
        if row["sha256"] in heard:
            continue
        answer = predictor.predict([Path(row["path"]).read_bytes()])[0]
        heard[row["sha256"]] = json.loads(answer)["embedding"] if isinstance(answer, bytes) else None
        if not isinstance(answer, bytes):
            print(f"{row['path']} cannot be heard: {answer.detail}")
    return [{"track_key": row["track_key"], "embedding": heard[row["sha256"]]} for row in audio if heard[row["sha256"]]]
