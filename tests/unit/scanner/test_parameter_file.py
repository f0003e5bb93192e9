"""The parameter file: the defaults without one, and an error that names file, key and cause."""

from pathlib import Path

import pytest

from servers.scanner.parameter_file import load_parameters
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.errors import InvalidInput


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold() -> None:
    assert load_parameters(None) == StrategyParameters()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    rules = load_parameters(written(tmp_path, "[gate]\ngreen = 75\n[vcp]\nt1_max = 0.35\n"))
    assert (rules.gate.green, rules.gate.yellow, rules.vcp.t1_max) == (75, 40, 0.35)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[vpc]\nt1_max = 0.35\n", r"rules.toml: vpc: is no section"),
        ("[vcp]\nt1_mx = 0.35\n", r"rules.toml: vcp.t1_mx: is no key"),
        ("[vcp]\nt1_max = 7.0\n", r"rules.toml: vcp"),
        ("[gate]\ngreen = 30\n", r"rules.toml: gate: needs 0 < yellow < green"),
        ("[gate]\ngreen = 'high'\n", r"rules.toml: gate.green"),
        ("[gate\n", r"rules.toml: parameters: is no TOML"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        load_parameters(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"^KSTOCK_SCANNER__PARAMETERS: .*none.toml cannot be read"):
        load_parameters(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match=r"cannot be read as text"):
        load_parameters(path)
