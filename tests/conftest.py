"""Fixtures that every kind of test may use."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real market data; the test skips where it is absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not (folder / "daily_ohlcv.parquet").exists():
        pytest.skip("the real market data is not beside the repository")
    return folder
