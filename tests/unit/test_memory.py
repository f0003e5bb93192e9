"""How long searches for garbage take in a server: in a process of its own, since they are a matter of whole processes."""

import subprocess
import sys

PROGRAM = """
import gc
from servers.memory import put_survivors_aside

put_survivors_aside()
before = gc.get_freeze_count()
loaded = [[number] for number in range(30_000)]
gc.collect()
aside = gc.get_freeze_count() - before
few = [[number] for number in range(1_000)]
gc.collect()
print(aside >= 30_000, gc.get_freeze_count() - before == aside)
"""


def test_much_that_outlives_a_search_is_not_looked_at_again() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True"]
