"""Benchmarks; `python -m tests.bench` runs them."""

import os

os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # read when gRPC is imported; its core logs every stream that ends
