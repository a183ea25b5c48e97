"""A listener's history as the ZIP that Spotify would send: folder, split JSON files, a video file, a read-me as PDF."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import orjson

from demo.export_rows import Row

MOST_BYTES = 12_000_000
FOLDER = "Spotify Extended Streaming History"
OLD_FOLDER = "MyData"


def write_export(path: Path, rows: list[Row], video: list[Row], handle: str, old_format: bool, seed: int) -> list[str]:
    """Write the ZIP; equal rows make equal bytes. Returns the names of its entries."""
    entries = _old_entries(rows, handle, seed) if old_format else _entries(rows, video)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return [name for name, _ in entries]


def _entries(rows: list[Row], video: list[Row]) -> list[tuple[str, bytes]]:
    entries = []
    for number, (years, content) in enumerate(_split(rows)):
        entries.append((f"{FOLDER}/Streaming_History_Audio_{years}_{number}.json", content))
    if video:
        entries.append((f"{FOLDER}/Streaming_History_Video_{_years(video)}.json", orjson.dumps(video)))
    entries.append((f"{FOLDER}/ReadMeFirst_ExtendedStreamingHistory.pdf", read_me_pdf()))
    return entries


def _old_entries(rows: list[Row], handle: str, seed: int) -> list[tuple[str, bytes]]:
    """`endsong_0.json`, as exports were until about 2023: indented, in no order, with a user name and an agent."""
    rng = np.random.default_rng(seed)
    aged = []
    for place in rng.permutation(len(rows)):
        row = {key: value for key, value in rows[int(place)].items() if not key.startswith("audiobook_")}
        row = {"ts": row.pop("ts"), "username": handle, **row}
        row["ip_addr_decrypted"] = row.pop("ip_addr")
        row["user_agent_decrypted"] = "unknown"
        aged.append(row)
    entries = []
    for number, (_, content) in enumerate(_split(aged, indent=True)):
        entries.append((f"{OLD_FOLDER}/endsong_{number}.json", content))
    entries.append((f"{OLD_FOLDER}/ReadMeFirst.pdf", read_me_pdf()))
    return entries


def _split(rows: list[Row], indent: bool = False) -> list[tuple[str, bytes]]:
    """Consecutive rows in lists of at most `MOST_BYTES`, each with the years it covers."""
    files: list[tuple[str, bytes]] = []
    pending: list[Row] = []
    size = 2
    for row in rows:
        length = len(_dump([row], indent)) + 1
        if pending and size + length > MOST_BYTES:
            files.append((_years(pending), _dump(pending, indent)))
            pending, size = [], 2
        pending.append(row)
        size += length
    files.append((_years(pending), _dump(pending, indent)))
    return files


def _dump(rows: list[Row], indent: bool) -> bytes:
    return json.dumps(rows, indent=2).encode() if indent else orjson.dumps(rows)


def _years(rows: list[Row]) -> str:
    years = [str(row["ts"])[:4] for row in rows]
    first, last = min(years), max(years)
    return first if first == last else f"{first}-{last}"


def read_me_pdf() -> bytes:
    """One page of PDF, written by hand (PDF 1.4): what lies beside the history and must not trouble an importer."""
    text = b"BT /F1 14 Tf 60 760 Td (Made by the Tonearm demo town: nobody's history.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
