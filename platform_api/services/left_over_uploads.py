"""Files of uploads and the rows that name them, brought together again when one was left without the other."""

import time
from contextlib import suppress

from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import imports, jobs, sound_sources
from platform_api.services.inference.client import InferenceClient
from platform_api.services.sound.uploads import GONE, audio_folder

FORGOTTEN_AFTER_S = 24 * 3600
"""Nobody sends a file for so long: what is older and named nowhere was left behind by somebody who died."""


def forget_left_over_uploads(session: Session, settings: Settings, _: InferenceClient) -> None:
    """Deletes what no unfinished import and no waiting sound names, and tells of a sound whose file is gone."""
    folder = settings.uploads.dir
    if not folder.is_dir() or not jobs.only_one_here(session, "forget left over uploads"):
        return
    waiting = sound_sources.all_waiting(session)
    needed = {*imports.stored_names(session), *waiting.values()}
    before = time.time() - FORGOTTEN_AFTER_S
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            named = path.relative_to(folder).as_posix() in needed
            if not named and path.is_file() and path.stat().st_mtime < before:
                path.unlink()
    if not audio_folder(settings).is_dir():  # nothing was ever brought, or the disk is not there
        return
    for source_id, stored_name in waiting.items():
        if stored_name is None or not (folder / stored_name).is_file():
            sound_sources.refuse_waiting(session, source_id, stored_name, GONE)
