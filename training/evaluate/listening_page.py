"""Pages to judge an embedder by ear and eye: neighbours with players, a map, and which styles are taken for which.

Each page is one file without anything outside it: excerpts are kept once, as Ogg Vorbis, and played by one player.
"""

import base64
import html
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from modeling.audio_embedder.decoding import read_recording

EXCERPT_SECONDS = 6.0
NEIGHBOURS = 5

_STYLE = """
:root { color-scheme: light dark; --ground: #f7f3ec; --ink: #14110f; --line: #d9d2c6; --signal: #ff5a36; }
@media (prefers-color-scheme: dark) { :root { --ground: #14110f; --ink: #f7f3ec; --line: #3a342e; } }
body { background: var(--ground); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; display: grid; gap: .25rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
button { font: inherit; text-align: left; color: inherit; background: none; border: 0; padding: .5rem; cursor: pointer;
  border-radius: .4rem; min-height: 44px; }
button:hover, button:focus-visible { background: var(--line); }
button[aria-pressed=true] { outline: 2px solid var(--signal); }
.asked { font-weight: 600; } small { opacity: .7; } table { border-collapse: collapse; }
td, th { padding: .3rem .6rem; text-align: right; } svg { max-width: 100%; height: auto; }
"""
_SCRIPT = """
const clips = JSON.parse(document.getElementById('clips').textContent), player = new Audio();
let playing = null;
const rest = () => { if (playing) playing.setAttribute('aria-pressed', 'false'); playing = null; };
player.addEventListener('ended', rest);
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-clip]');
  if (!button) return;
  const same = button === playing;
  player.pause(); rest();
  if (same) return;
  player.src = 'data:audio/ogg;base64,' + clips[button.dataset.clip];
  player.play(); playing = button; button.setAttribute('aria-pressed', 'true');
});
"""
_POINT = '<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" fill-opacity=".75"><title>{title}</title></circle>'
_LEGEND = '<text x="10" y="{y}" fill="{fill}" font-size="14">{style}</text>'
_COLOURS = ("#d1495b", "#2b6ff2", "#2e8b57", "#c77d0a", "#7a4fbf", "#0f8b8d", "#a23b72", "#6b705c")


@dataclass(frozen=True)
class Piece:
    """One file as a page names it."""

    path: Path
    title: str
    style: str


def excerpt(path: Path) -> str:
    """Six seconds from the middle, as base64 of a mono Ogg file."""
    recording = read_recording(path.read_bytes())
    length = int(EXCERPT_SECONDS * recording.rate)
    start = max(0, (len(recording.samples) - length) // 2)
    samples = recording.at_16_khz(start, start + length).numpy()
    file = io.BytesIO()
    soundfile.write(file, np.clip(samples, -1, 1), 16_000, format="OGG", subtype="VORBIS")
    return base64.b64encode(file.getvalue()).decode()


def neighbours_page(title: str, pieces: Sequence[Piece], vectors: NDArray[np.float64], asked: Sequence[int]) -> str:
    """For each asked piece the five that lie nearest by cosine, each with a button that plays it."""
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)
    sections: list[str] = []
    heard: dict[str, str] = {}

    def button(place: int, note: str, kind: str = "") -> str:
        piece = pieces[place]
        if str(place) not in heard:
            heard[str(place)] = excerpt(piece.path)
        words = f"{html.escape(piece.title)}<br><small>{html.escape(note)}</small>"
        return f'<button class="{kind}" data-clip="{place}" aria-pressed="false">{words}</button>'

    for place in asked:
        similarity = unit @ unit[place]
        similarity[place] = -np.inf
        nearest = np.argsort(-similarity, kind="stable")[:NEIGHBOURS]
        lines = [button(place, pieces[place].style, "asked")]
        lines += [button(int(each), f"{pieces[each].style} {similarity[each]:.2f}".strip()) for each in nearest]
        sections.append(f"<section>{''.join(lines)}</section>")
    lead = f"{len(asked)} of {len(pieces)} pieces, each with the {NEIGHBOURS} that sound most like it. Press to hear."
    clips = f'<script type="application/json" id="clips">{json.dumps(heard)}</script>'
    return _page(title, f"<p>{lead}</p>{''.join(sections)}{clips}<script>{_SCRIPT}</script>")


def map_page(title: str, pieces: Sequence[Piece], vectors: NDArray[np.float64]) -> str:
    """The two directions in which the embeddings differ most, a point per piece, and the confusion of styles."""
    centred = vectors - vectors.mean(axis=0)
    _, spread, directions = np.linalg.svd(centred, full_matrices=False)
    flat = centred @ directions[:2].T
    flat = flat / (np.abs(flat).max(axis=0) + 1e-12)
    styles = sorted({piece.style for piece in pieces})
    colour = {style: _COLOURS[place % len(_COLOURS)] for place, style in enumerate(styles)}
    points = "".join(
        _POINT.format(
            x=400 + 380 * x,
            y=300 - 280 * y,
            fill=colour[piece.style],
            title=html.escape(f"{piece.title} {piece.style}"),
        )
        for piece, (x, y) in zip(pieces, flat, strict=True)
    )
    legend = "".join(
        _LEGEND.format(y=20 + 18 * place, fill=colour[style], style=html.escape(style or "no style"))
        for place, style in enumerate(styles)
    )
    share = float((spread[:2] ** 2).sum() / ((spread**2).sum() + 1e-12))
    words = f"<p>{share:.0%} of the spread lies in these two directions (principal components).</p>"
    chart = f'<svg viewBox="0 0 800 600" width="800">{points}{legend}</svg>'
    return _page(title, words + chart + _confusion(pieces, vectors))


def confusion(styles: Sequence[str], vectors: NDArray[np.float64]) -> tuple[list[str], NDArray[np.int64]]:
    """(names, counts): how often the nearest other of a piece of a style (row) is of each style (column).

    >>> confusion(["a", "a", "b"], np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]))[1].tolist()
    [[2, 0], [1, 0]]
    """
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)
    similarity = unit @ unit.T
    np.fill_diagonal(similarity, -np.inf)
    names = sorted(set(styles))
    code = np.array([names.index(style) for style in styles])
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(counts, (code, code[similarity.argmax(axis=1)]), 1)
    return names, counts


def _confusion(pieces: Sequence[Piece], vectors: NDArray[np.float64]) -> str:
    names, counts = confusion([piece.style for piece in pieces], vectors)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th>{''.join(f'<td>{number}</td>' for number in row)}</tr>"
        for name, row in zip(names, counts.tolist(), strict=True)
    )
    title = "<h2>The style of the nearest (across) for each style (down)</h2>"
    return f"{title}<table><tr><th></th>{head}</tr>{rows}</table>"


def _page(title: str, body: str) -> str:
    name = html.escape(title)
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head = f"<head>{meta}<title>{name}</title><style>{_STYLE}</style></head>"
    return f"<!doctype html><html lang=en>{head}<body><h1>{name}</h1>{body}</body></html>"
