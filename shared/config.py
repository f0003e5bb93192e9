"""Settings of every process, read once at start from `KSTOCK_*` variables and an optional `kstock.env` file.

Names nest by two underscores: `KSTOCK_STORE__URL`. `settings.example.env` explains each of them.
"""

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.market.errors import InvalidInput

PREFIX = "KSTOCK_"
SETTINGS_FILE = "kstock.env"

Scope = Literal["public", "user", "bot", "internal", "ops"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(_Section):
    """Where facts live. Without a URL: `kstock.db` in the data folder if it exists, else the simulated market."""

    url: str | None = None


class BusSettings(_Section):
    """How processes hear of each other's ticks. Without a URL: inside this process only."""

    url: str | None = None


class ClockSettings(_Section):
    """Market time: the wall's, fixed at a moment, a replayed day, or the simulated market's own."""

    mode: Literal["auto", "wall", "fixed", "replay", "simulated"] = "auto"
    at: datetime | None = None
    speed: float = Field(default=1.0, ge=1.0, le=1000.0)


class FeedSettings(_Section):
    """Which source publishes prices, and the tickers that are fed without any subscriber."""

    source: Literal["auto", "none", "simulated", "replay"] = "auto"
    day: date | None = None
    default_tickers: tuple[str, ...] = ("005930", "000660", "035420", "005380", "028260", "000020")
    seed: int = 20260102


class ServerSettings(_Section):
    """Address of this process, its transport security and the tokens it accepts."""

    listen: str = "127.0.0.1:50051"
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    insecure: bool = False
    public_access: bool = True
    tokens: dict[str, tuple[Scope, ...]] = Field(default_factory=dict, repr=False)


class PeerSettings(_Section):
    """Address of each room as the others reach it; empty means this process's own server."""

    pricestream: str = ""
    market: str = ""
    scanner: str = ""
    signal: str = ""
    chat: str = ""
    feed: str = ""
    token: SecretStr | None = None


class StreamSettings(_Section):
    """Limits and pace of the price stream (see docs/reference/settings)."""

    min_window: timedelta = timedelta(milliseconds=50)
    default_window: timedelta = timedelta(milliseconds=250)
    heartbeat: timedelta = timedelta(seconds=15)
    lifetime: timedelta = timedelta(minutes=60)
    max_streams: int = Field(default=1200, ge=1)
    max_streams_per_principal: int = Field(default=5, ge=1)
    max_topics: int = Field(default=500, ge=1, le=5000)


class LogSettings(_Section):
    """What is logged and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"


class Settings(BaseSettings):
    """Everything an operator can set; frozen after start and handed down, never looked up."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    data_dir: Path = Path("var")
    store: StoreSettings = StoreSettings()
    bus: BusSettings = BusSettings()
    clock: ClockSettings = ClockSettings()
    feed: FeedSettings = FeedSettings()
    server: ServerSettings = ServerSettings()
    peers: PeerSettings = PeerSettings()
    stream: StreamSettings = StreamSettings()
    log: LogSettings = LogSettings()


def load_settings(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings once.

    Args:
        environment: Variables to check for unknown names; the process's own by default.
        overrides: Sections given on the command line; they win over file and environment.

    Raises:
        InvalidInput: A variable that kstock does not know, or a value out of range; the message names it.
    """
    for name in os.environ if environment is None else environment:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).split("__")[0].lower() not in Settings.model_fields:
            raise InvalidInput(name, "is not a setting of kstock; see settings.example.env for the names")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic validates them
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "__".join(str(part).upper() for part in first["loc"])
        raise InvalidInput(name, f"{first['msg']}; see settings.example.env") from error
