"""A reason as a sentence. Whoever ranked the track, its numbers are counted here from the listener's own plays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from platform_api.crud.recommendations import Counted
from platform_api.schemas.recommendations import Reason, ReasonKind
from platform_api.schemas.tracks import TrackRef
from platform_api.utils.wording import counted, listed, percent, quoted, spoken_date, times


@dataclass(frozen=True)
class Ground:
    """Why a track was chosen, before it is a sentence. `evidence` are track ids."""

    kind: ReasonKind
    evidence: Sequence[int] = ()
    times: int = 0
    share_of_listeners: float = 0.0
    listeners: int = 0


def in_words(
    ground: Ground, track_id: int, counts: Mapping[int, Counted], refs: Mapping[int, TrackRef]
) -> Reason | None:
    """The sentence, or None where the listener's own history does not bear it out."""
    evidence = [refs[each] for each in ground.evidence if each in refs and each != track_id]
    text = _sentence(ground, counts.get(track_id), evidence, counts)
    return None if text is None else Reason(kind=ground.kind, text=text, tracks=evidence)


def _sentence(
    ground: Ground, own: Counted | None, evidence: Sequence[TrackRef], counts: Mapping[int, Counted]
) -> str | None:
    names = [quoted(track.name) for track in evidence]
    text = None
    match ground.kind:
        case "played_often" if own and own.last_day:
            text = f"You have listened to it {times(own.listens)}, last on {spoken_date(own.last_day)}."
        case "comeback" if own and own.last_day:
            text = f"You listened to it {times(own.listens)}, and not since {spoken_date(own.last_day)}."
        case "plays_after" if evidence and ground.times:
            text = f"You have played it right after {names[0]} {times(ground.times)} lately."
        case "this_hour" if own and own.listens and ground.times:
            text = f"You have listened to it {times(ground.times)} around this time of day lately."
        case "same_artist" if evidence:
            listens = sum(counts[track.id].listens for track in evidence if track.id in counts)
            if listens:
                text = f"More by {evidence[0].artist.name}: {counted(listens, 'listen')} of {listed(names)}."
        case "sounds_like" if evidence:
            text = f"It sounds like {listed(names)}."
        case "popular" if ground.listeners:
            text = f"{counted(ground.listeners, 'other listener')} here played it in the past year."
        case "popular" if ground.share_of_listeners:
            text = f"{percent(ground.share_of_listeners)} of the listeners here play it."
    return text
