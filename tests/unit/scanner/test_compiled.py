import numpy as np

from servers.scanner.compiled import compiled


def test_code_is_compiled_where_no_cache_can_be_kept():
    scope = {}
    exec("def half(x):\n    return x / 2.0", scope)  # a function without a file has no place for a cache
    half = compiled(scope["half"])
    assert half(3.0) == 1.5
    assert half.nopython_signatures


def test_division_by_zero_is_infinite_as_in_numpy():
    scope = {}
    exec("def inverse(x):\n    return 1.0 / x", scope)
    assert compiled(scope["inverse"])(0.0) == np.inf
