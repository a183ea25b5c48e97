"""A packed version, run in a process of its own by the code inside its archive.

The champion is compared with a challenger on the same held-out span, and the champion's code may be older than ours.
"""

import json
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from modeling.errors import RequestError
from training.packing import ArchiveError, unpack

ADDED = ("earlier",)
"""Fields that the product leaves out for a version that refuses them (`platform_api/services/habits/page.py`)."""

# Isolated mode ignores PYTHONPATH and the working directory, so `modeling` can only be the one in the archive.
_PROGRAM = """
import json, struct, sys
out, sys.stdout = sys.stdout.buffer, sys.stderr
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from modeling.bundle import load_predictor
from modeling.errors import RequestError
predictor = load_predictor(Path(sys.argv[1]))
def say(status, body):
    out.write(struct.pack("!ii", status, len(body)) + body)
say(200, predictor.golden_request())
out.flush()
while head := sys.stdin.buffer.read(4):
    count, = struct.unpack("!i", head)
    requests = [sys.stdin.buffer.read(struct.unpack("!i", sys.stdin.buffer.read(4))[0]) for _ in range(count)]
    for answer in predictor.predict(requests):
        refused = isinstance(answer, RequestError)
        say(answer.status if refused else 200, answer.detail.encode() if refused else answer)
    out.flush()
"""


class ArchivedPredictor:
    """A `Predictor` whose work is done by the archive's own process. Made by `archived_predictor`."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._ask: IO[bytes] = process.stdin
        self._hear: IO[bytes] = process.stdout
        self._golden = self._answer()

    def predict(self, requests: Sequence[bytes]) -> list[bytes | RequestError]:
        """A version that was made before there was one of `ADDED` is asked without it, as the product does."""
        answers = self._exchange(requests)
        return [
            self._exchange([plainer])[0] if (plainer := _without_added(request, answer)) else answer
            for request, answer in zip(requests, answers, strict=True)
        ]

    def _exchange(self, requests: Sequence[bytes]) -> list[bytes | RequestError]:
        self._ask.write(struct.pack("!i", len(requests)))
        for request in requests:
            self._ask.write(struct.pack("!i", len(request)) + request)
        self._ask.flush()
        return [self._answer() for _ in requests]

    def golden_request(self) -> bytes:
        if isinstance(self._golden, RequestError):
            raise self._golden
        return self._golden

    def _answer(self) -> bytes | RequestError:
        head = self._hear.read(8)
        if len(head) < 8:
            raise ArchiveError("the archive's own code stopped; the lines above say why")
        status, length = struct.unpack("!ii", head)
        body = self._hear.read(length)
        return body if status == 200 else RequestError(status, body.decode())


def _without_added(request: bytes, answer: bytes | RequestError) -> bytes | None:
    """The request without what this version does not know; None where that is not why it refused."""
    if not isinstance(answer, RequestError) or not answer.detail.startswith("Unknown fields: "):
        return None
    content = json.loads(request)
    kept = {name: value for name, value in content.items() if name not in ADDED}
    return json.dumps(kept).encode() if len(kept) < len(content) else None


@contextmanager
def archived_predictor(archive: Path) -> Iterator[ArchivedPredictor]:
    """Unpack an archive into a throw-away folder and run it there. Raises ArchiveError when it does not start."""
    with tempfile.TemporaryDirectory() as folder:
        place = unpack(archive, Path(folder))
        command = [sys.executable, "-I", "-c", _PROGRAM, str(place)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            try:
                yield ArchivedPredictor(process)
            finally:
                assert process.stdin is not None
                process.stdin.close()
                process.wait(timeout=30)
