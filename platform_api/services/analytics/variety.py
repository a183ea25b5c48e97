"""Concentration, variety and release years."""

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.schemas.variety import Decade, Eras, Spread, Variety, VarietyPoint, Year
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import EPOCH_DAY, day_number, day_of, different_days, history_of
from platform_api.services.analytics.questions import shown
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs

TOP_TEN = 10
LITTLE_KNOWN = 0.5

Numbers = npt.NDArray[np.int64]


def spread(listens: Numbers) -> Spread:
    """`listens` of each item; items without listens are left out."""
    counts = np.sort(listens[listens > 0]).astype(np.float64)
    n, total = len(counts), counts.sum()
    if n == 0:
        return Spread(
            different=0, gini=None, entropy_bits=None, effective=None, evenness=None, top_share=None,
            top_ten_share=None, half=0,
        )  # fmt: skip
    entropy = entropy_bits(counts)
    from_top = np.cumsum(counts[::-1])
    return Spread(
        different=n,
        gini=round(float(2 * (np.arange(1, n + 1) * counts).sum() / (n * total) - (n + 1) / n), 4),
        entropy_bits=round(entropy, 4),
        effective=round(2**entropy, 2),
        evenness=round(entropy / np.log2(n), 4) if n > 1 else None,
        top_share=round(float(counts[-1] / total), 4),
        top_ten_share=round(float(from_top[min(TOP_TEN, n) - 1] / total), 4),
        half=int(np.searchsorted(from_top, total / 2)) + 1,
    )


def entropy_bits(counts: npt.NDArray[np.float64]) -> float:
    """Of positive counts."""
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def variety(session: Session, user: User, span: Span) -> Variety:
    history = history_of(session, user)
    facts = facts_of(session, history)
    listens = history.between(span.first_day, span.last_day).songs.listens
    artist, album = facts.artist[listens.track], facts.album[listens.track]
    return Variety(
        span=shown(span),
        tracks=spread(listens.per_track()),
        artists=spread(_counts(artist)),
        albums=spread(_counts(album)),
        points=_points(listens.day.astype(np.int64), artist),
    )


def _counts(item: Numbers) -> Numbers:
    return np.bincount(item[item >= 0])


def _points(day: Numbers, artist: Numbers) -> list[VarietyPoint]:
    days = different_days(day)
    months = list(dict.fromkeys(day_of(number).replace(day=1) for number in days))
    # by start, but for the hours that a clock set back repeats: a stable sort of nearly sorted days costs little
    order = np.argsort(day, kind="stable")
    borders = [*np.searchsorted(day[order], [day_number(start) for start in months]).tolist(), len(day)]
    points = []
    for start, begin, end in zip(months, borders[:-1], borders[1:], strict=True):
        of_artists = _counts(artist[order[begin:end]])
        counts = of_artists[of_artists > 0].astype(np.float64)
        if len(counts):
            points.append(
                VarietyPoint(
                    start=start,
                    listens=int(counts.sum()),
                    artists=len(counts),
                    effective_artists=round(2 ** entropy_bits(counts), 2),
                    top_artist_share=round(float(counts.max() / counts.sum()), 4),
                )
            )
    return points


def eras(session: Session, user: User, span: Span) -> Eras:
    history = history_of(session, user)
    facts = facts_of(session, history)
    listens = history.between(span.first_day, span.last_day).songs.listens
    released = facts.release_year[listens.track]
    is_known = released > 0
    year, known = released[is_known], int(is_known.sum())
    listened_in = np.array([EPOCH_DAY.year], dtype=np.int64)
    counts = np.bincount(year) if known else np.zeros(0, np.int64)
    years = np.flatnonzero(counts)
    decades = np.bincount(years // 10, weights=counts[years]) if known else counts
    heard = np.flatnonzero(listens.per_track() * (facts.release_year > 0))
    edges = (
        [int(history.track_ids[heard[at(facts.release_year[heard])]]) for at in (np.argmin, np.argmax)] if known else []
    )
    refs = track_refs(session, edges)
    if known:
        months = (listens.local_ms[is_known].astype("datetime64[ms]")).astype("datetime64[Y]")
        listened_in = months.astype(np.int64) + EPOCH_DAY.year
    return Eras(
        span=shown(span),
        listens=len(listens),
        known=known,
        known_share=round(known / len(listens), 4) if len(listens) else None,
        note=_note(len(listens), known),
        median_year=int(np.median(year)) if known else None,
        median_age_years=round(float(np.median(listened_in - year)), 1) if known else None,
        decades=[
            Decade(decade=int(at) * 10, listens=int(decades[at]), share=round(int(decades[at]) / known, 4))
            for at in np.flatnonzero(decades)
        ],
        years=[Year(year=int(at), listens=int(counts[at])) for at in years],
        oldest=refs[edges[0]] if edges else None,
        newest=refs[edges[1]] if edges else None,
    )


def _note(listens: int, known: int) -> str | None:
    if listens == 0 or known / listens >= LITTLE_KNOWN:
        return None
    if known == 0:
        return "No release date of this music is known yet: the export tells none, a linked Spotify account can."
    return f"Release dates are known for {known:,} of {listens:,} listens only."
