"""How the C library keeps memory that is freed."""

import ctypes
from typing import Final

#: `mallopt`'s numbers of what is set, in glibc's malloc.h.
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
#: Bytes; above all arrays that a fit makes for a moment.
_KEPT: Final = 1 << 30


def keep_freed_memory() -> None:
    """Have blocks that are freed used again, instead of given back.

    Arrays of more than 32 MiB are otherwise taken from the system and given
    back each time, and their pages cleared anew. Nothing happens where the C
    library is not glibc.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _KEPT)
        mallopt(_TRIM_THRESHOLD, _KEPT)


def give_back_memory() -> None:
    """Give what is free back to the system, where the C library is glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
