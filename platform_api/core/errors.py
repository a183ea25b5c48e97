"""An error is a class with a status. One handler renders all of them as RFC 9457 problem documents."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exc as database_errors
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"
LISTENBRAINZ = "/1/"
"""Below it clients of ListenBrainz ask, and understand nothing but `{"code", "error"}`."""
SENT_AGAIN_AFTER_503_ONLY = ("POST", "/1/submit-listens")
"""Navidrome and Jellyfin drop a listen that is refused with 429 or 507: what passes is told with 503 there."""
DEADLOCK_OR_SERIALISATION = {"40001", "40P01"}
NAMES_WHAT_IS_GONE, IS_THERE_ALREADY = "23503", "23505"
MEANWHILE = (
    "It was changed from somewhere else at the same moment. Nothing was changed by this; look again, then try again."
)
STORE_IS_FULL = {"53100", "53200", "54000"}

log = structlog.get_logger(__name__)


class InvalidField(BaseModel):
    """One field of a request that cannot be used, with the reason in words."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457. `type` names the kind of problem and never changes; `detail` is a sentence for a person."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[InvalidField] = Field(default_factory=list)


class AppError(Exception):
    """Something foreseeable went wrong. Subclasses state `status`, `title` and, where it helps, a `detail`."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"
    detail: str = "It has been written down. Please try again."

    def __init__(self, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail
        self.headers = dict(headers or {})
        self.members = members

    @classmethod
    def type_name(cls) -> str:
        words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in cls.__name__)
        return f"urn:tonearm:problem:{words.lstrip('-')}"


class InvalidRequest(AppError):
    status = 422
    title = "The request cannot be used"
    detail = "Some of what was sent cannot be used."


class NotSignedIn(AppError):
    status = 401
    title = "Please sign in"
    detail = "Your sign-in is missing or no longer valid."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


ENDED = "This account ended a moment ago."


class NotAllowed(AppError):
    status = 403
    title = "This is not yours to change"
    detail = "You may look, but this belongs to somebody else."


class NotFound(AppError):
    status = 404
    title = "There is nothing here"
    detail = "It does not exist, or it is not shown to you."


class Conflict(AppError):
    status = 409
    title = "This does not fit what is already there"


class TooManyRequests(AppError):
    status = 429
    title = "A little too fast"
    detail = "Please wait a moment and try again."


class TooLarge(AppError):
    status = 413
    title = "Too large"


class Unavailable(AppError):
    status = 503
    title = "A part of Tonearm is away for a moment"

    def __init__(self, detail: str | None = None, *, retry_after_s: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})


class DatabaseUnavailable(Unavailable):
    detail = "The database does not answer. Nothing was lost; please try again in a moment."


class StoreFull(AppError):
    status = 507
    title = "There is no room left"
    detail = "The disk of this server is full. Nothing was changed; its operator has to make room."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "60"})


def problems(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """`responses=` for a route: what it can answer besides success, in OpenAPI."""
    answers: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        titles = [answers[error.status]["description"]] if error.status in answers else []
        answers[error.status] = {
            "description": "; ".join([*titles, error.title]),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return answers


def problem_response(error: AppError) -> JSONResponse:
    problem = Problem(
        type=error.type_name(), title=error.title, status=error.status, detail=error.detail, **error.members
    )
    return JSONResponse(
        problem.model_dump(mode="json", exclude_defaults=True), error.status, error.headers, media_type=PROBLEM_JSON
    )


def answer(request: Request, error: AppError) -> JSONResponse:
    """The error in the dialect of the path that was asked."""
    if request.url.path.startswith(LISTENBRAINZ):
        headers = {**getattr(request.state, "allowance", {}), **error.headers}
        passes = isinstance(error, TooManyRequests | StoreFull)
        is_sent_again = passes and (request.method, request.url.path) == SENT_AGAIN_AFTER_503_ONLY
        status = Unavailable.status if is_sent_again else error.status
        return JSONResponse({"code": status, "error": error.detail}, status, headers)
    return problem_response(error)


def _constraint(error: database_errors.SQLAlchemyError) -> str:
    told = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(told, "constraint_name", None) or ""


def from_database(error: database_errors.SQLAlchemyError) -> AppError | None:
    """What a database error means to the person asking, or None where it is a mistake of ours."""
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
    meaning: AppError | None = None
    if sqlstate in STORE_IS_FULL:
        meaning = StoreFull()
    elif sqlstate in DEADLOCK_OR_SERIALISATION:
        meaning = DatabaseUnavailable("Two changes met at the same place. Nothing was changed; please try again.")
    elif sqlstate == NAMES_WHAT_IS_GONE and _constraint(error).endswith("_users"):
        meaning = NotSignedIn(ENDED)
    elif sqlstate == NAMES_WHAT_IS_GONE:
        meaning = NotFound()
    elif sqlstate == IS_THERE_ALREADY or isinstance(error, StaleDataError):
        meaning = Conflict(MEANWHILE)
    elif isinstance(error, database_errors.DataError):
        meaning = InvalidRequest("It holds a character or a number that cannot be stored.")
    elif isinstance(error, database_errors.OperationalError | database_errors.InterfaceError):
        meaning = DatabaseUnavailable()
    elif isinstance(error, database_errors.TimeoutError):
        meaning = DatabaseUnavailable("Too many people are asking at once. Please try again in a moment.")
    return meaning


def install_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(AppError)
    def answer_app_error(request: Request, error: AppError) -> JSONResponse:
        return answer(request, error)

    @app.exception_handler(RequestValidationError)
    def answer_invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
        fields = [
            InvalidField(field=".".join(str(part) for part in each["loc"]), message=each["msg"])
            for each in error.errors()
        ]
        return answer(request, InvalidRequest(errors=fields))

    @app.exception_handler(HTTPException)
    def answer_http_exception(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.BAD_REQUEST:  # the framework's word for a body it cannot decode
            return answer(request, InvalidRequest("What was sent cannot be read."))
        if request.url.path.startswith(LISTENBRAINZ):
            told = {"code": error.status_code, "error": str(error.detail)}
            return JSONResponse(told, error.status_code, error.headers)
        title = HTTPStatus(error.status_code).phrase
        problem = Problem(type="about:blank", title=title, status=error.status_code, detail=str(error.detail))
        return JSONResponse(
            problem.model_dump(exclude_defaults=True), error.status_code, error.headers, media_type=PROBLEM_JSON
        )

    @app.exception_handler(database_errors.SQLAlchemyError)
    def answer_database_error(request: Request, error: database_errors.SQLAlchemyError) -> JSONResponse:
        meaning = from_database(error)
        if meaning is None:
            log.error("unexpected database error", exc_info=error)
            meaning = AppError()
        else:
            log.warning("database error", kind=type(error).__name__, status=meaning.status)
        return answer(request, meaning)

    @app.exception_handler(UnicodeEncodeError)
    def answer_half_a_character(request: Request, __: UnicodeEncodeError) -> JSONResponse:
        return answer(request, InvalidRequest("It holds half a character, which cannot be stored."))

    @app.exception_handler(Exception)
    def answer_unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", exc_info=error)
        return answer(request, AppError())
