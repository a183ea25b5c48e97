"""A history as a Parquet file, written piece by piece. Needs pyarrow: `pip install tonearm-client[parquet]`."""

from datetime import date
from pathlib import Path

import pyarrow
import pyarrow.parquet

from tonearm_client.reading import Tonearm, frame


def save_parquet(
    tonearm: Tonearm, path: "str | Path", since: "str | date | None" = None, until: "str | date | None" = None
) -> int:
    """Writes the plays of these local days and returns how many there were; memory does not grow with them."""
    schema = pyarrow.Schema.from_pandas(frame([]), preserve_index=False)
    count = 0
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as file:
        for piece in tonearm.pieces(since, until):
            file.write_table(pyarrow.Table.from_pandas(piece, schema=schema, preserve_index=False))
            count += len(piece)
    return count
