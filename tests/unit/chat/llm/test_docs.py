"""The table of risks names tests that exist."""

import re

from tests.conftest import REPOSITORY


def test_every_test_that_the_table_of_risks_names_exists() -> None:
    text = (REPOSITORY / "docs" / "language-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    sources = (path.read_text(encoding="utf-8") for path in (REPOSITORY / "tests").rglob("test_*.py"))
    existing = {name for source in sources for name in re.findall(r"def (test_\w+)\(", source)}
    assert len(named) >= 20
    assert named - existing == set()


def test_every_risk_of_the_edition_has_a_line_with_tests() -> None:
    text = (REPOSITORY / "docs" / "language-model.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (LLM\d\d) .*\| `test_", text, re.MULTILINE)
    assert lines == [f"LLM{number:02}" for number in range(1, 11)]
