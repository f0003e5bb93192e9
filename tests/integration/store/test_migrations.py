import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from shared.market.errors import StoreUnusable
from shared.store import schema
from shared.store.engine import WRITES, build_engine, parse_url
from shared.store.origin import Origin
from shared.store.store import Store
from shared.store.tables import metadata
from tests.fakes.clock import FakeClock
from tests.fixtures.postgres import PostgresServer


async def run(url: str, work: Callable[[Connection], Any]) -> Any:
    engine = build_engine(parse_url(url))
    try:
        async with engine.execution_options(**WRITES).begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def described(connection: Connection) -> dict[str, Any]:
    """Everything about the tables that the database itself can tell."""
    seen = inspect(connection)
    tables = {
        name: {
            "columns": [
                {**column, "type": str(column["type"]), "default": _plain_default(column["default"])}
                for column in seen.get_columns(name)
            ],
            "key": seen.get_pk_constraint(name),
            "foreign": sorted(seen.get_foreign_keys(name), key=str),
            "unique": sorted(seen.get_unique_constraints(name), key=str),
            "indexes": sorted(map(_plain_index, seen.get_indexes(name)), key=str),
        }
        for name in seen.get_table_names()
    }
    if connection.dialect.name == "sqlite":
        without = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%WITHOUT ROWID%' ORDER BY name")
        tables["without rowid"] = list(connection.execute(without).scalars())
    return tables


def _plain_index(index: Any) -> dict[str, Any]:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


def _plain_default(default: str | None) -> str | None:
    return None if default is None else default.split("::")[0].strip("()")


async def test_revisions_lead_to_the_tables_of_a_new_sqlite_store(tmp_path: Path) -> None:
    migrated, made = str(tmp_path / "migrated.db"), str(tmp_path / "made.db")
    await run(migrated, schema.upgrade)
    await run(made, schema.create)
    assert await run(migrated, described) == await run(made, described)


async def test_revisions_lead_to_the_tables_of_a_new_postgresql_store(postgres: PostgresServer) -> None:
    migrated, made = postgres.new_database(), postgres.new_database()
    await run(postgres.url(migrated), schema.upgrade)
    await run(postgres.url(made), schema.create)
    assert await run(postgres.url(migrated), described) == await run(postgres.url(made), described)
    for name in (migrated, made):
        postgres.drop_database(name)


def test_the_metadata_has_nothing_that_a_revision_lacks(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'kstock.db'}")
    with engine.begin() as connection:
        schema.upgrade(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


LATER = """
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{newest}"


def upgrade() -> None:
    op.create_table("later", sa.Column("word", sa.String(10)))
"""


@pytest.fixture
def later_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Turns this program into its successor, which has one more revision."""

    def become_later() -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(schema.FOLDER, folder)
        newest = max(path.name for path in (folder / "versions").glob("*.py"))[:4]
        (folder / "versions" / "later.py").write_text(LATER.format(newest=newest))
        monkeypatch.setattr(schema, "FOLDER", folder)

    return become_later


async def open_store(url: str, *, upgrade: bool | None = None) -> Store:
    return await Store.open(url, origin=Origin.REAL, clock=FakeClock(), upgrade=upgrade)


async def test_an_older_sqlite_store_is_upgraded_when_it_is_opened(
    sqlite_url: str, later_program: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    later_program()
    await (await open_store(sqlite_url)).close()
    assert "later" in await run(sqlite_url, described)
    monkeypatch.undo()
    with pytest.raises(StoreUnusable, match="newer kstock"):
        await open_store(sqlite_url)


async def test_an_older_sqlite_store_is_left_alone_when_asked(sqlite_url: str, later_program: Callable[[], None]) -> None:
    later_program()
    with pytest.raises(StoreUnusable, match="older kstock"):
        await open_store(sqlite_url, upgrade=False)


async def test_an_older_postgresql_store_is_upgraded_only_when_asked(
    postgres_url: str, later_program: Callable[[], None]
) -> None:
    later_program()
    with pytest.raises(StoreUnusable, match="KSTOCK_STORE__UPGRADE"):
        await open_store(postgres_url)
    await (await open_store(postgres_url, upgrade=True)).close()
    assert "later" in await run(postgres_url, described)
