"""Options that several commands share. Imports nothing of the house, so that help texts print at once."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

Sections = Mapping[str, Mapping[str, Any]]
"""Values of options by section of the settings."""

_CLIENT = (
    click.option("--server", metavar="ADDRESS", help="Call this server instead of the one that runs on the store."),
    click.option("--token", help="Token for --server; better in KSTOCK_CLIENT__TOKEN, where other users cannot see it."),
    click.option("--tls", is_flag=True, help="The server of --server has a certificate."),
    click.option("--json", "as_json", is_flag=True, help="Print the messages of the API as JSON, one a line."),
)


def given(**values: object) -> dict[str, Any]:
    """The values that a person gave; the others are None."""
    return {name: value for name, value in values.items() if value is not None}


def client_options(function: _Command) -> _Command:
    """Adds what every command that calls a server takes: `server`, `token`, `tls`, `as_json`."""
    for option in reversed(_CLIENT):
        function = option(function)
    return function


def client_sections(*, server: str | None, token: str | None, tls: bool) -> Sections:
    """The settings behind those options."""
    return {"client": given(server=server, token=token, tls=tls or None)}
