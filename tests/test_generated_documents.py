"""Documents made from code say what the code says today."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops

ROOT = Path(__file__).parent.parent
PUBLIC = ROOT / "frontend" / "public"


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


def test_the_icons_are_drawn_from_the_mark() -> None:
    spec = importlib.util.spec_from_file_location("draw_icons", ROOT / "frontend" / "draw_icons.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    for name, drawn in program.icons().items():
        with Image.open(PUBLIC / name) as kept:
            assert (kept.size, kept.mode) == (drawn.size, drawn.mode)
            unlike = np.asarray(ImageChops.difference(kept, drawn)).max()
            assert unlike < 8, f"{name}: run `python frontend/draw_icons.py`"


def test_a_phone_finds_the_icons_that_the_manifest_names() -> None:
    manifest = json.loads((PUBLIC / "manifest.webmanifest").read_text())
    for icon in manifest["icons"]:
        with Image.open(PUBLIC / icon["src"].removeprefix("/")) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    page = (ROOT / "frontend" / "index.html").read_text()
    assert '<link rel="manifest" href="/manifest.webmanifest" />' in page
    assert (PUBLIC / "apple-touch-icon.png").is_file()
