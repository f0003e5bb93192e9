"""Fixtures that every kind of test may use; there is one database server and one blank store of each kind in a test run."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.fixtures.postgres", "tests.fixtures.stores")

# Tests start programs while gRPC works in other threads; its fork handlers break such a child before it becomes the program.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

# How long an example takes says more about what else the machine does than about the code.
settings.register_profile("kstock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kstock")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real market data; the test skips where it is absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not (folder / "daily_ohlcv.parquet").exists():
        pytest.skip("the real market data is not beside the repository")
    return folder
