"""Which faults a run tries: a fixed sample of them, or with FAULT_SEEDS=all every one."""

import os
import random


def fault_seeds(count: int, *, sample: int) -> list[int]:
    """Seeds 1..count, or `sample` of them, the first and the last always among them."""
    every = list(range(1, count + 1))
    if os.environ.get("FAULT_SEEDS") == "all":
        return every
    chosen = random.Random(20260101).sample(every[1:-1], sample - 2)
    return sorted({every[0], *chosen, every[-1]})
