"""The job `embed_library`: every file of the audio library is heard by the embedder that is served now.

Each file is one transaction, so the job goes on where it was; a file heard already by this version is left alone.
A file that no play of anybody matches becomes a track of the catalogue: it can be found by its sound and suggested.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from platform_api.crud import catalogue, sound
from platform_api.models.catalogue import EMBEDDING_SIZE
from platform_api.services.importing.identity import catalogue_entry
from platform_api.services.inference.client import Answered, InferenceClient
from platform_api.services.inference.errors import ModelUnavailable, RequestRefused
from platform_api.services.jobs import JobContext
from platform_api.services.sound.library import LibraryFile, artist_and_title, tagged_files

log = structlog.get_logger(__name__)

MODEL = "audio_embedder"
KIND = "embed_library"
AT_ONCE = 2
DEADLINE_S = 60.0


class Heard(BaseModel):
    """What the embedder says of one file; only the embedding of the whole track is kept."""

    embedding: Annotated[list[float], Field(min_length=EMBEDDING_SIZE, max_length=EMBEDDING_SIZE)]
    seconds: float

    model_config = ConfigDict(allow_inf_nan=False)


def of_unit_length(heard: Heard) -> None:
    """Raises ValueError for an embedding that cosines cannot be taken of."""
    square = sum(number * number for number in heard.embedding)
    if not 0.98 < square < 1.02:
        raise ValueError(f"an embedding of squared length {square:.3f}")


@dataclass(frozen=True)
class Wanted:
    """A file to be heard and the tracks that it belongs to."""

    file: LibraryFile
    track_ids: list[int]
    sha256: str


def embed_library(context: JobContext) -> None:
    """Raises ModelUnavailable when the model server goes away: the queue tries again later."""
    version = context.inference.current_version(MODEL)
    if version is None:
        log.info("no embedder is served yet: nothing is heard")
        return
    outcomes: Counter[str] = Counter()
    wanted = _wanted(context, version, outcomes)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hearing") as pool:
        while group := list(islice(wanted, AT_ONCE)):
            for each, answered in zip(group, pool.map(lambda it: _hear(context.inference, it), group), strict=True):
                if answered is None:
                    outcomes["refused"] += 1
                    continue
                with context.sessions.begin() as session:
                    context.still_mine(session)
                    served = answered.model.version
                    sound.keep_embedding(session, each.track_ids, served, answered.answer.embedding, each.sha256)
                outcomes["heard"] += 1
    log.info("audio library heard", version=version, **outcomes)


def _wanted(context: JobContext, version: str, outcomes: Counter[str]) -> Iterator[Wanted]:
    for file in tagged_files(context.settings.audio.library_dir):
        with context.sessions.begin() as session:
            context.still_mine(session)
            track_ids = _tracks_of(session, file)
            heard = sound.heard_at(session, track_ids, version)
        unheard = [track_id for track_id in track_ids if track_id not in heard or heard[track_id] < file.changed_at]
        if not unheard:
            outcomes["heard before"] += 1
            continue
        sha256 = file.sha256()
        with context.sessions.begin() as session:
            context.still_mine(session)
            known = sound.embedding_of_audio(session, sha256, version)
            if known is not None:
                sound.keep_embedding(session, unheard, version, known, sha256)
                outcomes["known audio"] += 1
                continue
        yield Wanted(file, unheard, sha256)


def _tracks_of(session: Session, file: LibraryFile) -> list[int]:
    artist_key, title_key = artist_and_title(file)
    found = sound.tracks_named(session, artist_key, title_key)
    if found:
        return found
    entry = catalogue_entry(file.item)
    catalogue.add_missing_tracks(session, [entry])
    return [track.id for track in catalogue.tracks_by_key(session, [entry.key]).values()]


def _hear(inference: InferenceClient, wanted: Wanted) -> Answered[Heard] | None:
    """None for a file that the model cannot hear (silent, broken): the others go on."""
    try:
        body = wanted.file.path.read_bytes()
        return inference.ask(MODEL, body, Heard, check=of_unit_length, deadline_s=DEADLINE_S)
    except (RequestRefused, OSError) as error:
        log.warning("audio file is left out", file=wanted.file.path.name, error=str(error))
        return None
    except ModelUnavailable as error:
        if error.outcome != "rejected":
            raise
        log.warning("the embedder's answer was set aside", file=wanted.file.path.name, error=str(error))
        return None
