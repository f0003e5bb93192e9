"""The operator's own numbers for the strategies, read once at start."""

from pathlib import Path

from servers.scanner.strategies.parameters import StrategyParameters, parse_parameters
from shared.market.errors import InvalidInput

SETTING = "KSTOCK_SCANNER__PARAMETERS"


def load_parameters(path: Path | None) -> StrategyParameters:
    """The parameters of a file, see `parse_parameters`; the defaults of strategies.md 10 when None.

    Raises:
        InvalidInput: The file cannot be read, or has a section or key that is unknown or out of range; says which.
    """
    if path is None:
        return StrategyParameters()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(SETTING, f"{path} cannot be read as text: {error}") from error
    try:
        return parse_parameters(text)
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error.field}", error.why) from error
