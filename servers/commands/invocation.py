"""What a command works with: the settings with the command line's words on top, and the store that was named."""

from dataclasses import dataclass
from typing import Any

import click

from servers.commands.options import Sections, given
from servers.store_choice import StoreChoice, choose_store
from shared.config import Settings, load_settings
from shared.logging import configure_logging


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """Settings of this call and the store that was named for it, if any."""

    settings: Settings
    store: str | None

    @property
    def names_a_store(self) -> bool:
        """Whether a person named a store, on the command line or in the settings."""
        return self.store is not None or self.settings.store.url is not None

    def choice(self) -> StoreChoice:
        """Store, clock and feed of this call."""
        return choose_store(self.settings, named=self.store)


def invocation(ctx: click.Context, *, quiet: bool = False, sections: Sections | None = None) -> Invocation:
    """Read the settings for a command.

    Args:
        ctx: Carries the options of `kstock` itself.
        quiet: Log warnings only, because the command's own output is what people came for.
        sections: Values of the command's options by section; they win over file and environment.

    Raises:
        InvalidInput: An unknown setting or a value out of range.
    """
    level = ctx.obj["log_level"] or ("warning" if quiet else None)
    log = given(level=level)
    words = {name: values for name, values in {**(sections or {}), "log": log}.items() if values}
    settings = load_settings(**given(data_dir=ctx.obj["data_dir"]), **_merged(words))
    configure_logging(settings.log)
    return Invocation(settings=settings, store=ctx.obj["store"])


def _merged(words: Sections) -> dict[str, Any]:
    """The options over the sections as file and environment give them: an option must not reset its neighbours."""
    if not words:
        return {}
    base = load_settings()
    return {name: {**getattr(base, name).model_dump(), **values} for name, values in words.items()}
