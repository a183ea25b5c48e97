"""Which parts are up, in words for the page. Each part is asked itself; none being down makes this fail."""

from sqlalchemy.exc import SQLAlchemyError

from platform_api.crud import health, jobs
from platform_api.db.session import Sessions
from platform_api.schemas.system import Part, Status
from platform_api.services.inference.client import InferenceClient
from platform_api.utils.cache import Cache

WORKER_SEEN_WITHIN_S = 20.0
MANY_WAITING = 20


def status(sessions: Sessions, cache: Cache, inference: InferenceClient) -> Status:
    database, worker = _database_and_worker(sessions)
    return Status(parts=[database, _cache(cache), _model_server(inference), worker])


def database_answers(sessions: Sessions) -> bool:
    try:
        with sessions() as session:
            return health.answers(session)
    except SQLAlchemyError:
        return False


def _database_and_worker(sessions: Sessions) -> tuple[Part, Part]:
    try:
        with sessions() as session:
            workers = jobs.workers_seen(session, WORKER_SEEN_WITHIN_S)
            waiting = jobs.waiting_count(session)
    except SQLAlchemyError:
        return (
            Part(
                name="database",
                state="down",
                detail="The database does not answer. Nothing is lost; pages come back when it does.",
            ),
            Part(name="worker", state="down", detail="Imports and other long work wait for the database."),
        )
    database = Part(name="database", state="up", detail="Everything is stored.")
    if workers == 0:
        return database, Part(
            name="worker", state="down", detail="Imports are kept and will go on as soon as the worker is back."
        )
    if waiting > MANY_WAITING:
        return database, Part(
            name="worker", state="degraded", detail=f"{waiting} pieces of work are waiting; yours may take a while."
        )
    return database, Part(name="worker", state="up", detail="Imports run as they come.")


def _cache(cache: Cache) -> Part:
    if cache.is_up():
        return Part(name="cache", state="up", detail="Answers are kept at hand.")
    return Part(name="cache", state="down", detail="Pages take a little longer. Nothing else changes.")


def _model_server(inference: InferenceClient) -> Part:
    if inference.is_up():
        return Part(name="model_server", state="up", detail="Recommendations and forecasts come from the models.")
    return Part(
        name="model_server",
        state="down",
        detail="Recommendations come from plain counting until the models are back; forecasts may be missing.",
    )
