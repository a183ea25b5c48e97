"""The stand-in for Spotify as the demo starts it."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

from stack.temporary import free_port


def test_it_is_one_process_however_many_the_api_is_given(tmp_path: Path) -> None:
    """What it knows of accounts is in its memory. Told of the API's processes, uvicorn refused to start it."""
    port = free_port()
    environment = {**os.environ, "WEB_CONCURRENCY": "2", "DATA_DIR": str(tmp_path)}
    stand_in = subprocess.Popen([sys.executable, "-m", "demo.spotify", "--port", str(port)], env=environment)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            assert client.get(f"http://127.0.0.1:{port}/v1/me").status_code == 401
    finally:
        stand_in.terminate()
        stand_in.wait(timeout=20)
