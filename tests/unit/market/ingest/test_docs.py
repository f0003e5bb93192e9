"""The documented import format is the one that is read."""

import pytest

from servers.market.ingest.mst import MASTER_SCHEMA
from servers.market.ingest.schemas import SCHEMAS
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    parts = (REPOSITORY / "docs" / "import.md").read_text(encoding="utf-8").split("\n## ")
    return {title.lower(): body for title, _, body in (part.partition("\n") for part in parts)}


def yes(value: bool) -> str:
    return "yes" if value else ""


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.kind)
def test_every_column_is_documented_with_its_type_and_unit(sections, schema):
    section = sections[schema.title.lower()]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{one.name}` | {one.type} | {yes(one.required)} | {yes(one.nullable)} | {one.unit} |" for one in schema.columns
    ]


def test_the_master_files_are_documented(sections):
    assert f"{MASTER_SCHEMA.title} files".lower() in sections
