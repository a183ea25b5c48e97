"""A page of nearest neighbours to listen to, of any folder of audio.

    python -m benchmarks.sound_neighbours --bundle data/bundles/audio_embedder --folder .tonearm/town/audio --out
    page.html

Every file is heard by the served predictor; `--asked 60` pieces, spread evenly over the folder, stand with the five
that sound most like them. The style beside a title is the file's genre tag. A second page (`…-map.html`) is a map of
the folder.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from tinytag import TinyTag, TinyTagException

from modeling.bundle import load_predictor
from modeling.errors import RequestError
from training.audio_library import SUFFIXES
from training.evaluate.listening_page import Piece, map_page, neighbours_page

NEEDS = "a folder of audio (--folder)"


def piece_of(path: Path) -> Piece:
    """By its tags where it has any, else by its name."""
    try:
        tags = TinyTag.get(path)
    except (TinyTagException, OSError):
        return Piece(path, path.stem, "")
    title = f"{tags.title}, {tags.artist}" if tags.title and tags.artist else path.stem
    return Piece(path, title, tags.genre or "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("data/bundles/audio_embedder"))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("neighbours.html"))
    parser.add_argument("--asked", type=int, default=60)
    given = parser.parse_args()
    predictor = load_predictor(given.bundle)
    pieces: list[Piece] = []
    vectors: list[list[float]] = []
    for path in sorted(path for path in given.folder.rglob("*") if path.suffix.lower() in SUFFIXES):
        [answer] = predictor.predict([path.read_bytes()])
        if isinstance(answer, RequestError):
            print(f"{path.name} is left out: {answer.detail}")
            continue
        pieces.append(piece_of(path))
        vectors.append(json.loads(answer)["embedding"])
    if len(pieces) < 2:
        raise SystemExit(f"fewer than two files of {given.folder} can be heard")
    asked = sorted({int(place) for place in np.linspace(0, len(pieces) - 1, min(given.asked, len(pieces)))})
    given.out.write_text(neighbours_page("What sounds alike", pieces, np.array(vectors), asked))
    chart = given.out.with_name(f"{given.out.stem}-map.html")
    chart.write_text(map_page("A map of the folder", pieces, np.array(vectors)))
    print(f"{given.out} and {chart}")


if __name__ == "__main__":
    main()
