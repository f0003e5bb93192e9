"""Structured logs: an event name and keyword values per line; JSON where no person is watching."""

import logging
import sys

import structlog

from shared.config import LogSettings


def configure_logging(settings: LogSettings) -> None:
    """Set up structlog and the standard library's loggers once per process; lines go to standard error."""
    level = getattr(logging, settings.level.upper())
    for_people = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    renderers: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if for_people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
