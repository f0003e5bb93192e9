"""Which store a process works on, and how its market time runs; from settings and from what lies in the data folder."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path

from shared.clock import ClockMode
from shared.config import Settings
from shared.market.errors import InvalidInput
from shared.market.times import kst_datetime
from shared.store.origin import Origin

REAL_FILE = "kstock.db"
SIMULATED_FILE = "simulated.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreChoice:
    """A store, its origin and the clock that goes with it.

    `url` is what `Store.open` takes; `named` is true when a person named the store. `original` is the store that a replay
    copies, None otherwise. `feed` names the source of prices, `none` for a store that is only asked.
    """

    url: str
    origin: Origin
    named: bool
    clock: ClockMode
    feed: str
    original: str | None = None


def choose_store(settings: Settings, *, named: str | None = None) -> StoreChoice:
    """The store, clock and feed that the settings mean.

    Args:
        settings: Everything the operator set.
        named: Path or URL given on the command line; wins over the settings.

    Raises:
        InvalidInput: Settings that contradict each other, e.g. a replay of the simulated market.
    """
    given = named or settings.store.url
    choice = _base(settings, given)
    mode = _mode(settings, choice)
    feed = _feed(settings, mode)
    choice = replace(choice, clock=mode, feed=feed)
    return _replay_copy(settings, choice) if mode is ClockMode.REPLAY else choice


def announced_beside(choice: StoreChoice, data_dir: Path) -> Path:
    """Beside what the servers of a store tell of themselves: its file, or a name for its URL in the data folder."""
    path = store_file(choice)
    return data_dir / f"store-{sha256(choice.url.encode()).hexdigest()[:12]}" if path is None else path


def store_file(choice: StoreChoice) -> Path | None:
    """The file of the store; None for one on a database server."""
    if "://" in choice.url and not choice.url.startswith("sqlite"):
        return None
    return Path(choice.url.removeprefix("sqlite:///"))


def fixed_moment(day: date) -> datetime:
    """The end of a day in Korea, which is what a bare date as market time means."""
    return kst_datetime(day, time(23, 59, 59))


def _base(settings: Settings, given: str | None) -> StoreChoice:
    real, simulated = settings.data_dir / REAL_FILE, settings.data_dir / SIMULATED_FILE
    if given is None:
        path, origin = (real, Origin.REAL) if _wants_real(settings, real) else (simulated, Origin.SIMULATED)
        return StoreChoice(url=str(path), origin=origin, named=False, clock=ClockMode.WALL, feed="none")
    is_simulated = Path(given).name == SIMULATED_FILE or settings.feed.source == "simulated"
    origin = Origin.SIMULATED if is_simulated else Origin.REAL
    return StoreChoice(url=given, origin=origin, named=True, clock=ClockMode.WALL, feed="none")


def _wants_real(settings: Settings, real: Path) -> bool:
    if settings.feed.source == "simulated" or settings.clock.mode == "simulated":
        return False
    return real.exists() or settings.feed.source == "replay"


def _mode(settings: Settings, choice: StoreChoice) -> ClockMode:
    if settings.clock.mode != "auto":
        mode = ClockMode(settings.clock.mode)
    elif settings.feed.source == "replay":
        mode = ClockMode.REPLAY
    elif choice.origin is Origin.SIMULATED:
        mode = ClockMode.SIMULATED
    else:
        mode = ClockMode.WALL
    if mode is ClockMode.FIXED and settings.clock.at is None:
        raise InvalidInput("KSTOCK_CLOCK__AT", "a fixed clock needs a moment, e.g. 2026-04-30T18:30+09:00")
    if mode is ClockMode.REPLAY and choice.origin is Origin.SIMULATED:
        raise InvalidInput("KSTOCK_FEED__SOURCE", "only real recorded days can be replayed; import data first")
    if mode is ClockMode.REPLAY and settings.feed.day is None:
        raise InvalidInput("KSTOCK_FEED__DAY", "a replay needs its day, e.g. 2026-03-11")
    return mode


def _feed(settings: Settings, mode: ClockMode) -> str:
    if settings.feed.source != "auto":
        return settings.feed.source
    return {ClockMode.SIMULATED: "simulated", ClockMode.REPLAY: "replay"}.get(mode, "none")


def _replay_copy(settings: Settings, choice: StoreChoice) -> StoreChoice:
    day = settings.feed.day
    if "://" in choice.url and not choice.url.startswith("sqlite"):
        if "replay" not in choice.url.rsplit("/", 1)[-1]:
            raise InvalidInput("KSTOCK_STORE__URL", "a replay changes its store: name a database with `replay` in its name")
        return choice
    original = Path(choice.url.removeprefix("sqlite:///"))
    if not original.exists():
        raise InvalidInput("KSTOCK_STORE__URL", f"{original} does not exist; import data before replaying it")
    return replace(choice, url=str(original.with_name(f"replay-{day}.db")), original=str(original))
