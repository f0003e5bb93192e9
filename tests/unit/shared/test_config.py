"""Settings: names, values that people write, and the example file that lists every one of them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.config import PREFIX, SETTINGS_FILE, Settings, load_settings
from shared.market.errors import InvalidInput

EXAMPLE = Path(__file__).resolve().parents[3] / "settings.example.env"
_LINE = re.compile(r"#(KSTOCK_[A-Z_]+)=(.*)")


@pytest.fixture(autouse=True)
def _no_settings_but_those_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _names(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _names(field.annotation, f"{prefix}{name.upper()}__")
        else:
            yield prefix + name.upper()


def _example() -> list[tuple[str, str]]:
    return [match.groups() for line in EXAMPLE.read_text().splitlines() if (match := _LINE.fullmatch(line))]


def test_the_example_lists_every_setting_once_and_nothing_else() -> None:
    assert sorted(name for name, _ in _example()) == sorted(_names(Settings))


def test_the_values_of_the_example_are_the_defaults() -> None:
    Path(SETTINGS_FILE).write_text("\n".join(f"{name}={value}" for name, value in _example()))

    assert load_settings() == Settings.model_construct()


@pytest.mark.parametrize("name", ["KSTOCK_STROE__URL", "KSTOCK_STORE__ULR", "KSTOCK_COLOUR"])
def test_an_unknown_variable_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")

    with pytest.raises(InvalidInput, match=rf"^{name}: is not a setting"):
        load_settings()


@pytest.mark.parametrize("name", ["KSTOCK_STROE__URL", "KSTOCK_STORE__ULR"])
def test_an_unknown_line_of_the_settings_file_is_named(name: str) -> None:
    Path(SETTINGS_FILE).write_text(f"{name}=1\n")

    with pytest.raises(InvalidInput, match=rf"^{name}: is not a setting"):
        load_settings()


def test_a_value_out_of_range_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KSTOCK_CLOCK__SPEED", "0")

    with pytest.raises(InvalidInput, match=r"^KSTOCK_CLOCK__SPEED: .*greater than or equal to 1"):
        load_settings()


@pytest.mark.parametrize("tokens", ['{"sesame": ["opps"]}', '{"sesame": "ops"}', '{"sesame"'])
def test_a_problem_with_tokens_shows_none_of_them(tokens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KSTOCK_SERVER__TOKENS", tokens)

    with pytest.raises(InvalidInput, match=r"^KSTOCK_SERVER__TOKENS: ") as caught:
        load_settings()
    assert "sesame" not in str(caught.value).lower()
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("text", "seconds"), [("15", 15), ("0.25", 0.25), ("PT1M", 60)])
def test_durations_are_seconds_or_iso(text: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KSTOCK_STREAM__HEARTBEAT", text)

    assert load_settings().stream.heartbeat == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["0", "-1", "soon", "1e400"])
def test_a_duration_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KSTOCK_STREAM__HEARTBEAT", text)

    with pytest.raises(InvalidInput, match=r"^KSTOCK_STREAM__HEARTBEAT: "):
        load_settings()


@pytest.mark.parametrize("text", ["005930,000660", " 005930 , 000660,", '["005930", "000660"]'])
def test_lists_are_written_with_commas_or_as_json(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KSTOCK_FEED__DEFAULT_TICKERS", text)

    assert load_settings().feed.default_tickers == ("005930", "000660")


def test_a_section_that_is_no_json_is_an_error_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KSTOCK_FEED", "{")

    with pytest.raises(InvalidInput, match=r"settings.example.env"):
        load_settings()
