"""The job `embed_library`: every file of the audio library is heard by the embedder that is served now.

Each file is one transaction, so the job goes on where it was; a file heard already by this version is left alone.
A file with tags that no play of anybody matches becomes a track of the catalogue: it can be found by its sound and
suggested. Before any embedder is served, only the genres that tags tell are read. What became of every file is written
down for the page that tells of it.
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

from platform_api.crud import catalogue, genres, sound, sound_sources
from platform_api.models.catalogue import EMBEDDING_SIZE
from platform_api.services.importing.identity import catalogue_entry
from platform_api.services.inference.client import Answered, InferenceClient
from platform_api.services.inference.errors import ModelUnavailable, RequestRefused
from platform_api.services.jobs import JobContext
from platform_api.services.sound.library import LeftOut, LibraryFile, audio_paths, name_in, named_files
from platform_api.services.sound.matching import Match, match

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
    match: Match
    sha256: str


UNMATCHED = "No track of the catalogue has this name, and without tags it is not added."


def embed_library(context: JobContext) -> None:
    """Raises ModelUnavailable when the model server goes away: the queue tries again later."""
    version = context.inference.current_version(MODEL)
    if version is None:
        log.info("no embedder is served yet: nothing is heard, tags are read")
        _read_genres(context)
        return
    library = context.settings.audio.library_dir
    if library is not None:
        names = [name_in(library, path) for path in audio_paths(library)]
        with context.sessions.begin() as session:
            context.still_mine(session)
            sound_sources.forget_missing_files(session, names)
    outcomes: Counter[str] = Counter()
    wanted = _wanted(context, version, outcomes)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hearing") as pool:
        while group := list(islice(wanted, AT_ONCE)):
            bodies = pool.map(lambda it: _hear_file(context.inference, it), group)
            for each, heard in zip(group, bodies, strict=True):
                with context.sessions.begin() as session:
                    context.still_mine(session)
                    if isinstance(heard, str):
                        _note(session, each.file, "refused", each.match, heard)
                        outcomes["refused"] += 1
                        continue
                    _keep(session, each.match.track_ids, heard.model.version, heard.answer.embedding, each.sha256)
                    _note(session, each.file, "heard", each.match)
                outcomes["heard"] += 1
    log.info("audio library heard", version=version, **outcomes)


def _read_genres(context: JobContext) -> None:
    """What the tags say of tracks that are known: it needs no model."""
    for file in named_files(context.settings.audio.library_dir):
        if isinstance(file, LeftOut):
            continue
        with context.sessions.begin() as session:
            context.still_mine(session)
            found = match(session, file.named)
            if found is not None:
                genres.told(session, found.track_ids, None, file.genres)


def _keep(session: Session, track_ids: list[int], version: str, embedding: list[float], sha256: str) -> None:
    sound.keep_embedding(session, track_ids, version, embedding, sha256, "library")


def _note(session: Session, file: LibraryFile, outcome: str, found: Match | None, detail: str | None = None) -> None:
    track_id = found.track_ids[0] if found else None
    by = found.by if found else None
    sound_sources.note(session, "library", file.name, outcome, track_id=track_id, matched_by=by, detail=detail)


def _wanted(context: JobContext, version: str, outcomes: Counter[str]) -> Iterator[Wanted]:
    for file in named_files(context.settings.audio.library_dir):
        with context.sessions.begin() as session:
            context.still_mine(session)
            if isinstance(file, LeftOut):
                sound_sources.note(session, "library", file.name, "refused", detail=file.reason)
                outcomes["left out"] += 1
                continue
            found = _tracks_of(session, file)
            if found is None:
                log.info("audio file matches no track", file=file.name)
                _note(session, file, "unmatched", None, UNMATCHED)
                outcomes["unmatched"] += 1
                continue
            genres.told(session, found.track_ids, None, file.genres)
            heard = sound.heard_in_library(session, found.track_ids, version)
            unheard = [each for each in found.track_ids if each not in heard or heard[each] < file.changed_at]
            if not unheard:
                _note(session, file, "heard", found)
                outcomes["heard before"] += 1
                continue
        sha256 = file.sha256()
        with context.sessions.begin() as session:
            context.still_mine(session)
            known = sound.embedding_of_audio(session, sha256, version)
            if known is not None:
                _keep(session, unheard, version, list(known), sha256)
                _note(session, file, "heard", found)
                outcomes["known audio"] += 1
                continue
        yield Wanted(file, Match(unheard, found.by), sha256)


def _tracks_of(session: Session, file: LibraryFile) -> Match | None:
    """None for a file without tags whose name no track has."""
    found = match(session, file.named)
    if found is not None or not file.named.from_tags:
        return found
    entry = catalogue_entry(file.item)
    catalogue.add_missing_tracks(session, [entry])
    return Match([track.id for track in catalogue.tracks_by_key(session, [entry.key]).values()], "tags")


def _hear_file(inference: InferenceClient, wanted: Wanted) -> Answered[Heard] | str:
    try:
        return hear(inference, wanted.file.path.read_bytes())
    except OSError as error:
        return f"It could not be read: {error.strerror}."


def hear(inference: InferenceClient, body: bytes) -> Answered[Heard] | str:
    """How the served embedder hears a file; a sentence for one that cannot be heard (silent, broken).

    Raises ModelUnavailable when the model itself is away.
    """
    try:
        return inference.ask(MODEL, body, Heard, check=of_unit_length, deadline_s=DEADLINE_S)
    except RequestRefused as error:
        log.warning("audio is left out", error=str(error))
        return error.sentence
    except ModelUnavailable as error:
        if error.outcome != "rejected":
            raise
        log.warning("the embedder's answer was set aside", error=str(error))
        return "The model's answer made no sense and was set aside."
