"""A reason as a sentence. Whoever ranked the track, its numbers are counted here from the listener's own plays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from platform_api.crud.recommendations import Counted
from platform_api.schemas.recommendations import Reason, ReasonKind
from platform_api.schemas.tracks import TrackRef
from platform_api.services.recommendations.lately import Lately
from platform_api.utils.wording import counted, listed, quoted, spoken_date, times

OFTEN = 2
"""Once is chance."""


@dataclass(frozen=True)
class Ground:
    """Why a track was chosen, before it is a sentence. `evidence` are track ids."""

    kind: ReasonKind
    evidence: Sequence[int] = ()


@dataclass(frozen=True)
class Facts:
    """What the sentences of one answer are made of."""

    refs: Mapping[int, TrackRef]
    counts: Mapping[int, Counted]
    lately: Lately
    listeners: Mapping[int, int]
    """How many others have listened to a track in the past year, where that may be told."""


def in_words(ground: Ground, track_id: int, facts: Facts) -> Reason | None:
    """The sentence, or None where the listener's own history does not bear it out."""
    evidence = [facts.refs[each] for each in ground.evidence if each in facts.refs and each != track_id]
    text = _sentence(ground, track_id, evidence, facts)
    return None if text is None else Reason(kind=ground.kind, text=text, tracks=evidence)


def _sentence(ground: Ground, track_id: int, evidence: Sequence[TrackRef], facts: Facts) -> str | None:
    own, counts = facts.counts.get(track_id), facts.counts
    names = [quoted(track.name) for track in evidence]
    text = None
    match ground.kind:
        case "loved":
            text = "You said you love it."
        case "played_often" if own and own.last_day:
            text = f"You have listened to it {times(own.listens)}, last on {spoken_date(own.last_day)}."
        case "comeback" if own and own.last_day:
            text = f"You listened to it {times(own.listens)}, and not since {spoken_date(own.last_day)}."
        case "plays_after" if evidence:
            after = facts.lately.listens_after(evidence[0].id, track_id)
            if after >= OFTEN:
                text = f"You have played it right after {names[0]} {times(after)} lately."
        case "this_hour":
            then = facts.lately.listens_around_now(track_id)
            if then >= OFTEN:
                text = f"You have listened to it {times(then)} around this time of day lately."
        case "same_artist" if evidence:
            listens = sum(counts[track.id].listens for track in evidence if track.id in counts)
            if listens:
                text = f"More by {evidence[0].artist.name}: {counted(listens, 'listen')} of {listed(names)}."
        case "sounds_like" if evidence:
            text = f"It sounds like {listed(names)}."
        case "popular" if track_id in facts.listeners:
            text = f"{counted(facts.listeners[track_id], 'other listener')} here played it in the past year."
    return text
