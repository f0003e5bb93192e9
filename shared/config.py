"""Settings of every process, read once at start from `KSTOCK_*` variables and an optional `kstock.env` file.

Names nest by two underscores: `KSTOCK_STORE__URL`. `settings.example.env` explains each of them.
"""

import json
import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from shared.market.errors import InvalidInput

PREFIX = "KSTOCK_"
SETTINGS_FILE = "kstock.env"

Scope = Literal["public", "user", "bot", "internal", "ops"]


def _seconds(value: object) -> object:
    """A bare number is a duration in seconds; everything else is left to pydantic, e.g. `PT15S`."""
    try:
        return timedelta(seconds=float(value)) if isinstance(value, str) else value
    except (ValueError, OverflowError):
        return value


def _list(value: object) -> object:
    """`a,b` or `["a", "b"]`."""
    if not isinstance(value, str):
        return value
    return _json(value) if value.lstrip().startswith("[") else [part.strip() for part in value.split(",") if part.strip()]


def _json(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError("must be JSON, see the example") from error


Duration = Annotated[timedelta, BeforeValidator(_seconds), Field(gt=timedelta(0))]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_means_unset(cls, values: Any) -> Any:
        """An empty value is that of a variable without content; where None is the default, it means None."""
        if not isinstance(values, dict):
            return values
        unset = {name for name, field in cls.model_fields.items() if field.default is None and values.get(name) == ""}
        return {name: value for name, value in values.items() if name not in unset}


class StoreSettings(_Section):
    """Where facts live. Without a URL: `kstock.db` in the data folder if it exists, else the simulated market.

    `upgrade` brings the tables of an older kstock to this version; None does so for SQLite only.
    """

    url: str | None = None
    upgrade: bool | None = None


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
    default_tickers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_list)] = (
        "005930",
        "000660",
        "035420",
        "005380",
        "028260",
        "000020",
    )
    seed: int = 20260102


class IngestSettings(_Section):
    """Files and folders whose content is imported every day, before the opening and after the close."""

    paths: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_list)] = ()


class ScannerSettings(_Section):
    """How the market is judged: by a TOML file with the numbers that differ from the defaults, and headlines by whom."""

    parameters: Path | None = None
    headlines: Literal["lexicon", "model"] = "lexicon"


class ServerSettings(_Section):
    """Address of this process, its transport security and the tokens it accepts."""

    listen: str = "127.0.0.1:50051"
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    insecure: bool = False
    public_access: bool = True
    tokens: Annotated[dict[str, tuple[Scope, ...]], NoDecode, BeforeValidator(_json)] = Field(
        default_factory=dict, repr=False
    )


class ClientSettings(_Section):
    """The server that commands on this machine call, and how they are let in; without an address they look for one."""

    server: str | None = None
    token: SecretStr | None = None
    tls: bool = False
    ca_certificate: Path | None = None


class PeerSettings(_Section):
    """Address of each room as the others reach it; empty means this process's own server."""

    pricestream: str = ""
    market: str = ""
    scanner: str = ""
    signal: str = ""
    alert: str = ""
    chat: str = ""
    feed: str = ""
    token: SecretStr | None = None


class StreamSettings(_Section):
    """Limits and pace of the price stream."""

    min_window: Duration = timedelta(milliseconds=50)
    default_window: Duration = timedelta(milliseconds=250)
    heartbeat: Duration = timedelta(seconds=15)
    lifetime: Duration = timedelta(minutes=60)
    max_streams: int = Field(default=1200, ge=1)
    max_streams_per_principal: int = Field(default=5, ge=1)
    max_topics: int = Field(default=500, ge=1, le=5000)


class ChatSettings(_Section):
    """The language model of the chat, how long it may take and what it may cost in a day; without one, data alone."""

    model: Literal["none", "gemini", "openai"] = "none"
    model_name: str | None = None
    api_key: SecretStr | None = None
    base_url: str | None = None
    first_token_timeout: Duration = timedelta(seconds=10)
    silence_timeout: Duration = timedelta(seconds=8)
    turn_timeout: Duration = timedelta(seconds=25)
    max_output_tokens: int = Field(default=1_024, ge=64, le=8_192)
    max_tool_rounds: int = Field(default=3, ge=0, le=8)
    user_tokens_per_day: int = Field(default=200_000, ge=0)
    tokens_per_day: int = Field(default=5_000_000, ge=0)
    input_usd_per_million: Decimal = Field(default=Decimal(0), ge=0)
    output_usd_per_million: Decimal = Field(default=Decimal(0), ge=0)
    user_usd_per_day: Decimal | None = Field(default=None, ge=0)
    usd_per_day: Decimal | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _money_needs_prices(self) -> Self:
        capped = self.user_usd_per_day is not None or self.usd_per_day is not None
        if capped and not (self.input_usd_per_million or self.output_usd_per_million):
            raise ValueError(
                "a cap in dollars needs the prices KSTOCK_CHAT__INPUT_USD_PER_MILLION and OUTPUT_USD_PER_MILLION"
            )
        return self


class EmbeddingSettings(_Section):
    """The embedding model that lets headlines and texts be found by their meaning, and where its vectors are kept."""

    model: Literal["none", "gemini"] = "none"
    model_name: str | None = None
    api_key: SecretStr | None = None
    base_url: str | None = None
    dimension: int = Field(default=256, ge=128, le=3_072)
    close_from: float = Field(default=0.75, ge=0.0, le=1.0)
    tokens_per_day: int = Field(default=2_000_000, ge=0)
    usd_per_million: Decimal = Field(default=Decimal(0), ge=0)
    vectors: Literal["auto", "memory", "pgvector"] = "auto"


class MetricsSettings(_Section):
    """Where Prometheus reads the metrics of this process, over HTTP; empty for nowhere."""

    listen: str = "127.0.0.1:9464"


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
    ingest: IngestSettings = IngestSettings()
    scanner: ScannerSettings = ScannerSettings()
    server: ServerSettings = ServerSettings()
    client: ClientSettings = ClientSettings()
    peers: PeerSettings = PeerSettings()
    stream: StreamSettings = StreamSettings()
    chat: ChatSettings = ChatSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    metrics: MetricsSettings = MetricsSettings()
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
        # Without its cause: that would print the values, and one of them may be a token.
        raise _explained(error) from None
    except SettingsError as error:
        raise InvalidInput(SETTINGS_FILE, f"{error}; see settings.example.env") from error


def _explained(error: ValidationError) -> InvalidInput:
    """The first problem with the name of its variable; what lies deeper than that may be secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = "__".join(str(part).upper() for part in first["loc"][:2])
    if first["type"] == "extra_forbidden":
        return InvalidInput(_variable(name), "is not a setting of kstock; see settings.example.env for the names")
    return InvalidInput(_variable(name), f"{first['msg'].removeprefix('Value error, ')}; see settings.example.env")


def _variable(name: str) -> str:
    """Unknown names of a settings file arrive with their prefix, all others without."""
    return name if name.startswith(PREFIX) else PREFIX + name
