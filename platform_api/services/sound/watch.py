"""Notices that the audio library should be heard: a new embedder, new files, or new tracks that files may belong to."""

from datetime import timedelta

from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import catalogue, jobs
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import enqueue
from platform_api.services.sound.hearing import KIND, MODEL
from platform_api.services.sound.library import fingerprint

WHAT_IS_READ = "names, genres"
"""Of a file's tags: files that were heard before more was read are read once more."""
RESTS = 10
"""A library that was gone through is left alone for ten times as long as that took where only the catalogue grew: with
every track that somebody plays for the first time it does."""
LONGEST_REST = timedelta(hours=1)
"""The first look hears every file, and takes far longer than the next."""


def notice_unheard_audio(session: Session, settings: Settings, inference: InferenceClient) -> None:
    """Queues `embed_library` when embedder, library or catalogue changed since the last. Workers may ask at once."""
    version = inference.current_version(MODEL)
    library = fingerprint(settings.audio.library_dir)
    if not library:
        return
    heard = {"version": version, "library": library, "reads": WHAT_IS_READ}
    state = {**heard, "tracks": catalogue.track_count(session)}
    if (
        jobs.only_one_here(session, KIND)
        and not jobs.was_queued_last(session, KIND, state)
        and not jobs.rests(session, KIND, heard, RESTS, LONGEST_REST)
    ):
        enqueue(session, KIND, state, unless_waiting=True)
