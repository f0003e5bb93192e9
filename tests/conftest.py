"""Fixtures that every kind of test may use."""

import os
from pathlib import Path

import pytest

# Tests start programs while gRPC works in other threads; its fork handlers break such a child before it becomes the program.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real market data; the test skips where it is absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not (folder / "daily_ohlcv.parquet").exists():
        pytest.skip("the real market data is not beside the repository")
    return folder
