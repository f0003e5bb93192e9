"""How this process deals with memory that it no longer needs."""

import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of <malloc.h>
_ALWAYS_RETURNED_BYTES = 1 << 20


def return_large_blocks() -> None:
    """Give every freed array back to the system at once.

    glibc keeps freed blocks of up to 32 MB once it has seen one of that size, so each reload of the market would leave
    holes: a quarter of a server's memory. A fixed threshold ends that. Other C libraries have no such call and no such
    habit.
    """
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        allocator.mallopt(_MMAP_THRESHOLD, _ALWAYS_RETURNED_BYTES)
