"""Logs: one JSON object per line in production, readable lines elsewhere."""

import logging

import structlog

from platform_api.core.settings import AppSettings


def configure_logging(settings: AppSettings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level]
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if settings.environment == "production"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    for chatty in ("httpx", "httpcore", "urllib3", "cachecontrol"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
