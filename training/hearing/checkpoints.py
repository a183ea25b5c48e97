"""Reading the tensors of a TensorFlow checkpoint (`NAME.index` and `NAME.data-00000-of-00001`) without TensorFlow.

The index is a sorted string table of LevelDB's format: blocks of prefix-compressed keys, of which the last block
points to the others. Each value is a `BundleEntryProto`: type, shape, and where in the data file the numbers lie.
"""

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_FOOTER = 48
_MAGIC = 0xDB4775248B80FB57
_TRAILER = 5
"""One byte for compression and four of a checksum follow each block."""
_FLOAT32 = 1


class CheckpointError(Exception):
    """The bytes are not a checkpoint that can be read here."""


def read_checkpoint(index: bytes, data: bytes) -> dict[str, NDArray[np.float32]]:
    """Name → float32 tensor; tensors of another type are left out. Raises CheckpointError."""
    try:
        if struct.unpack("<Q", index[-8:])[0] != _MAGIC:
            raise CheckpointError("the index does not end as a table does")
        _, place = _handle(index[-_FOOTER:], 0)
        (start, size), _ = _handle(index[-_FOOTER:], place)
        found: dict[str, NDArray[np.float32]] = {}
        for _, value in _entries(_block(index, start, size)):
            for name, entry in _entries(_block(index, *_handle(value, 0)[0])):
                tensor = _tensor(entry, data) if name else None
                if tensor is not None:
                    found[name.decode()] = tensor
    except (IndexError, ValueError, struct.error) as error:
        raise CheckpointError(f"the checkpoint is damaged: {error}") from error
    return found


def _varint(raw: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = raw[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place


def _handle(raw: bytes, place: int) -> tuple[tuple[int, int], int]:
    start, place = _varint(raw, place)
    size, place = _varint(raw, place)
    return (start, size), place


def _block(table: bytes, start: int, size: int) -> bytes:
    if table[start + size] != 0:
        raise CheckpointError("the index is compressed, which TensorFlow's own are not")
    return table[start : start + size]


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    restarts = int(struct.unpack("<I", block[-4:])[0])
    end, place, key = len(block) - 4 - 4 * restarts, 0, b""
    while place < end:
        shared, place = _varint(block, place)
        own, place = _varint(block, place)
        length, place = _varint(block, place)
        key = key[:shared] + block[place : place + own]
        yield key, block[place + own : place + own + length]
        place += own + length


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(field number, value) of a protocol buffer; fixed 32-bit numbers as bytes."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        kind = tag & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield tag >> 3, value
        else:
            size, place = (4, place) if kind == 5 else _varint(message, place)
            yield tag >> 3, message[place : place + size]
            place += size


def _tensor(entry: bytes, data: bytes) -> NDArray[np.float32] | None:
    kind = start = size = 0
    shape: list[int] = []
    for field, value in _fields(entry):
        if isinstance(value, int):
            kind, start, size = (
                value if field == 1 else kind,
                value if field == 4 else start,
                value if field == 5 else size,
            )
        elif field == 2:
            for _, dimension in _fields(value):
                if isinstance(dimension, bytes):
                    shape.append(next((n for f, n in _fields(dimension) if f == 1 and isinstance(n, int)), 0))
    if kind != _FLOAT32:
        return None
    return np.frombuffer(data[start : start + size], dtype="<f4").reshape(shape)
