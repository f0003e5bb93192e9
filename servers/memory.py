"""How this process deals with memory that it no longer needs."""

import ctypes
import gc
from collections.abc import Mapping

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of <malloc.h>
_ALWAYS_RETURNED_BYTES = 1 << 20

_OLDEST = 2
_THRESHOLDS = (5_000, 5, 10)
"""Objects more than before at which the youngest are searched, and how many such searches lead to one further back."""

_LONG_LIVED = 20_000
"""Objects that a full search for garbage may walk through: about ten milliseconds in which nothing else happens."""


def return_large_blocks() -> None:
    """Give every freed array back to the system at once.

    glibc keeps freed blocks of up to 32 MB once it has seen one of that size, so each reload of the market would leave
    holes: a quarter of a server's memory. A fixed threshold ends that. Other C libraries have no such call and no such
    habit.
    """
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        allocator.mallopt(_MMAP_THRESHOLD, _ALWAYS_RETURNED_BYTES)


def put_survivors_aside() -> None:
    """Keep the searches for garbage short.

    Python looks through every object for cycles that nobody refers to: a quarter of a second once instruments, morphemes
    and documents are loaded, in which no price is sent. What is there now, and what has outlived such a search, is therefore
    not looked at again as soon as it is much. It is still freed when the last reference goes, unless it stands in a cycle.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.callbacks.append(_freeze_survivors)


def _freeze_survivors(phase: str, info: Mapping[str, int]) -> None:
    if phase == "stop" and info["generation"] == _OLDEST and len(gc.get_objects(_OLDEST)) > _LONG_LIVED:
        gc.freeze()
