"""Documents made from code say what the code says today."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_data_model_is_drawn_from_the_models() -> None:
    program = Path(sys.executable).parent / "paracelsus"
    checked = subprocess.run(
        [str(program), "inject", "docs/data-model.md", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, f"run `paracelsus inject docs/data-model.md`\n{checked.stdout}{checked.stderr}"


def test_the_openapi_document_is_current() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "platform_api.openapi"], cwd=ROOT, capture_output=True, check=True, timeout=120
    )
    assert made.stdout == (ROOT / "frontend" / "openapi.json").read_bytes(), "run `make client`"
