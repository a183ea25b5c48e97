"""Between TorchServe's batches and a predictor: rows to bytes, errors to the status of their own row."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import torch

from modeling.bundle import Predictor, load_predictor
from modeling.errors import RequestError


def open_predictor(context: Any) -> Predictor:
    """Load the bundle that was unpacked with the archive, on the GPU that TorchServe assigned, else on the CPU.

    One thread per worker: TorchServe sets no limit, and workers that all take every core slow each other down.
    """
    torch.set_num_threads(1)
    properties = context.system_properties
    gpu = properties.get("gpu_id")
    device = f"cuda:{gpu}" if gpu is not None and torch.cuda.is_available() else "cpu"
    return load_predictor(Path(properties["model_dir"]), device)


def answer(predictor: Predictor, rows: Sequence[Mapping[str, Any]], context: Any) -> list[bytes]:
    """Exactly one answer per row; a refused row gets its own status and reason and leaves the others alone."""
    answers: list[bytes] = []
    for index, given in enumerate(predictor.predict([_body(row) for row in rows])):
        context.set_response_content_type(index, "application/json")
        if isinstance(given, RequestError):
            context.set_response_status(given.status, HTTPStatus(given.status).phrase, index)
            answers.append(json.dumps({"status": given.status, "detail": given.detail}).encode())
        else:
            answers.append(given)
    return answers


def _body(row: Mapping[str, Any]) -> bytes:
    """The raw body; TorchServe calls it `body` or `data`, and has already parsed it where the type said JSON."""
    given = row.get("body", row.get("data", b""))
    if isinstance(given, bytes | bytearray):
        return bytes(given)
    return given.encode() if isinstance(given, str) else json.dumps(given).encode()
