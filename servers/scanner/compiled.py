"""Machine code for loops over bars that arrays cannot express, compiled at first use and kept on disk."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function for plain numbers and arrays; it runs without the interpreter lock.

    Division by zero gives infinity or NaN, as in numpy: absurd prices of one ticker must not stop a scan.

    The code is kept beside the module, or in the user's cache directory where the installation is read-only. Where neither
    can be written, every process compiles anew, which costs seconds once but works.
    """
    try:
        return cast("Callable[_P, _R]", njit(nogil=True, error_model="numpy", cache=True)(function))
    except RuntimeError:  # numba: no place to keep the cache
        return cast("Callable[_P, _R]", njit(nogil=True, error_model="numpy")(function))
