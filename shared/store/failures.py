"""Database failures in the words of the house."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import DatabaseError, IntegrityError, OperationalError

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import IntegrityError as WrappedIntegrityError

from shared.market.errors import Conflict, KStockError, StoreUnusable

_BROKEN = (
    ("not a database", "is not a kstock store; name another file or move this one away"),
    ("malformed", "is damaged; restore it from a backup, or move it away and import again"),
    ("readonly", "is read-only; make the file and its folder writable for this user"),
    ("read-only transaction", "is read-only; name the primary database, or let this user write"),
    ("unable to open", "cannot be opened; check that the folder exists and that this user may write to it"),
    ("disk is full", "could not be written because the disk is full; free some space"),
    ("disk I/O", "could not be read or written; check the disk"),
    ("locked", "is locked by another program for too long; stop that program"),
    ("no such table", "lacks tables of kstock; name another file or move this one away"),
    ("no such column", "lacks columns of kstock; restore it from a backup"),
)


def explain(place: str, error: BaseException) -> KStockError:
    """The domain error that says what happened at `place` and what to do.

    Args:
        place: File or address of the store, without its password.
        error: What a driver raised, wrapped by SQLAlchemy or not.
    """
    if isinstance(error, WrappedIntegrityError | IntegrityError | asyncpg.IntegrityConstraintViolationError):
        return Conflict("somebody else wrote the same row meanwhile; read it again and retry")
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = str(cause)
    for sign, advice in _BROKEN:
        if sign in text:
            return StoreUnusable(f"{place} {advice}")
    return StoreUnusable(f"{place} does not work: {text.splitlines()[0] if text else type(cause).__name__}")


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn what the database raises inside into a domain error that names the store."""
    try:
        yield
    except (DBAPIError, DatabaseError, OperationalError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise explain(place, error) from error


@contextmanager
def unreachable(place: str) -> Iterator[None]:
    """Say that a database server does not answer."""
    try:
        yield
    except OSError as error:
        raise StoreUnusable(
            f"{place} cannot be reached: {error}; start the database or correct KSTOCK_STORE__URL"
        ) from error
