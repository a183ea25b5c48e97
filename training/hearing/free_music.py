"""Freely licensed music for the embedder to learn from: the soundtracks of games, out of the Debian archive.

    python -m training.hearing.free_music --out FOLDER [--judge-by FOLDER]

On Debian 12; nothing is installed and no right but writing FOLDER is needed. 2.0 GB are downloaded and 0.8 GB kept:
every recording of half a minute and more, once, in a folder per package. Then `other_audio: FOLDER`. With `--judge-by`
the soundtracks that choices were judged by go to a folder of their own, 0.6 GB more. Which licence a recording has is
said in its package's copyright file on sources.debian.org; nothing of it enters a bundle but what the weights learned.

Left out on purpose: `wesnoth-1.16-music` and `sonic-pi-samples`, which results are reported on, and `megaglest-data`,
of which one recording is in parts the same as a Wesnoth track.
"""

import argparse
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from tinytag import TinyTag, TinyTagException

from training.audio_library import SUFFIXES

LEAST_SECONDS = 30.0
LEAST_BYTES = 150 * 1024
MUSIC = """
    adonthell-data amoebax-data ardentryst asc-music brainparty-data colobot-common-sounds drascula-music
    extremetuxracer-data fillets-ng-data freedink-data freedroidrpg-data fretsonfire-songs-muldjord frozen-bubble-data
    hedgewars-data hex-a-hop-data hyperrogue-music krank lincity-ng-data noiz2sa-data parsec47-data
    planetblupi-music-ogg powermanga-data raincat-data starfighter-data supertux-data supertuxkart-data
    torus-trooper-data trackballs-data tumiki-fighters-data warmux-data warzone2100-music xmoto-data zaz-data
""".split()  # noqa: SIM905
JUDGED_BY = """
    flare-game freecol fretsonfire-songs-sectoid lugaru-data singularity-music unknown-horizons
""".split()  # noqa: SIM905


def fetch(package: str, out: Path, seen: set[str]) -> int:
    """Download one package and keep its recordings in `out`/package; how many there are.

    Raises CalledProcessError when apt or dpkg fail; apt says why on the terminal.
    """
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["apt-get", "download", "-q", package], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        archive = next(Path(scratch).glob("*.deb"))
        subprocess.run(["dpkg", "-x", archive, Path(scratch) / "x"], check=True)
        return keep(Path(scratch) / "x", out / package, seen)


def keep(unpacked: Path, out: Path, seen: set[str]) -> int:
    """Copy what lasts long enough to be music and is not `seen`, under a flat name that tells where it lay."""
    kept = 0
    for path in sorted(path for path in unpacked.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in seen or path.stat().st_size < LEAST_BYTES or _seconds(path) < LEAST_SECONDS:
            continue
        seen.add(digest)
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, out / "_".join(path.relative_to(unpacked).parts))
        kept += 1
    return kept


def _seconds(path: Path) -> float:
    try:
        return TinyTag.get(path).duration or 0.0
    except (TinyTagException, OSError):
        return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--judge-by", type=Path)
    given = parser.parse_args()
    wanted = [(package, given.out) for package in MUSIC]
    if given.judge_by:
        wanted += [(package, given.judge_by) for package in JUDGED_BY]
    seen: set[str] = set()
    for package, folder in wanted:
        try:
            print(f"{package}: {fetch(package, folder, seen)} recordings", flush=True)
        except subprocess.CalledProcessError:
            print(f"{package}: could not be fetched; the others go on", flush=True)


if __name__ == "__main__":
    main()
