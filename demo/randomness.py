"""Independent streams of random numbers by name, so that adding a track or a person changes nobody else."""

import hashlib

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """A generator that depends on the seed and on these names only."""
    text = "\x1f".join(str(part) for part in (seed, *names))
    digest = hashlib.sha256(text.encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62(seed: int, *names: str | int) -> str:
    """22 characters, the length and alphabet of a Spotify id."""
    text = "\x1f".join(str(part) for part in (seed, *names))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    characters = []
    for _ in range(22):
        number, remainder = divmod(number, 62)
        characters.append(BASE62[remainder])
    return "".join(characters)
