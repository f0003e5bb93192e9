"""Version of the tables: which one a store has, and the way to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from shared.market.errors import StoreUnusable
from shared.store.tables import metadata

FOLDER = Path(__file__).parent / "migrations"
"""Where the revisions are."""


def alembic_config() -> Config:
    """Alembic's configuration without a file: the revisions ship inside the package."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def current_revision(connection: Connection) -> str | None:
    """Revision of an open store; None before the first one."""
    return MigrationContext.configure(connection).get_current_revision()


def check_revision(connection: Connection, place: str) -> bool:
    """Whether the store's tables are of this program's version.

    Returns:
        False when the store is older and an upgrade can bring it up.

    Raises:
        StoreUnusable: A later program made the store.
    """
    found = current_revision(connection)
    script = ScriptDirectory.from_config(alembic_config())
    known = {revision.revision for revision in script.walk_revisions()}
    if found is not None and found not in known:
        raise StoreUnusable(f"{place} was written by a newer kstock (tables {found}); update this program")
    return found == script.get_current_head()


def create(connection: Connection) -> None:
    """Make every table in its newest form; a test proves that the revisions lead to the same."""
    metadata.create_all(connection)
    MigrationContext.configure(connection).stamp(ScriptDirectory.from_config(alembic_config()), "head")


def upgrade(connection: Connection) -> None:
    """Run every missing revision inside the connection's transaction.

    Alembic keeps the running revision in module globals, so one process upgrades one store at a time.
    """
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
