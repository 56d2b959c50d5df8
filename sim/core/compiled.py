"""Whether the law is compiled, decided once for a process: when this module is first imported.

A simulation of hours is worth the compiler's time, a street over wires is not: it needs one second a second. The
environment's `PARKING_SIM_COMPILED` says so: `1` compile, where numba is installed; anything else, or nothing, do not.
"""

import os
from collections.abc import Callable, MutableSequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numpy as np

F = TypeVar("F", bound=Callable[..., object])

VARIABLE: Final = "PARKING_SIM_COMPILED"


IS_COMPILED: Final = os.environ.get(VARIABLE, "0") == "1" and find_spec("numba") is not None
"""Asked for, and there is a compiler."""


def _sources_sha256() -> str:
    """One digest of all the law's sources: numba's own cache forgets that one file calls another."""
    from hashlib import sha256  # noqa: PLC0415 -- only where it compiles

    here = Path(__file__).parent
    return sha256(b"".join(one.read_bytes() for one in sorted(here.glob("*.py")))).hexdigest()[:16]


is_first_time = False
"""Whether the law will now be compiled for the first time here, which takes about half a minute."""

HOW: Final[dict[str, Any]] = {"cache": True, "error_model": "numpy", "_nrt": False}
"""Without counting references: the law makes no arrays, and counting took twenty times what the law itself takes."""

if IS_COMPILED:
    import numba

    _cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "parking" / "law" / _sources_sha256()
    is_first_time = not _cache.exists()
    numba.config.CACHE_DIR = str(_cache)  # type: ignore[attr-defined]  # set at run time, as its manual says


def law(function: F) -> F:
    """A function of the law: compiled where that was asked for, itself otherwise."""
    if not IS_COMPILED:
        return function
    return cast("F", numba.njit(**HOW)(function))


def inlined(function: F) -> F:
    """A small function of the law, compiled into each place that calls it: a call would copy the whole state."""
    if not IS_COMPILED:
        return function
    return cast("F", numba.njit(forceinline=True, **HOW)(function))


def floats(size: int, value: float = 0.0) -> MutableSequence[float]:
    """So many numbers, as the law of this process wants them."""
    return cast("MutableSequence[float]", np.full(size, value, np.float64)) if IS_COMPILED else [value] * size


def ints(size: int, value: int = 0) -> MutableSequence[int]:
    """So many whole numbers below 2³¹, as the law of this process wants them: small ones fit more into a cache."""
    return cast("MutableSequence[int]", np.full(size, value, np.int32)) if IS_COMPILED else [value] * size


def longs(size: int) -> MutableSequence[int]:
    """So many whole numbers of any size, as the law of this process wants them."""
    return cast("MutableSequence[int]", np.zeros(size, np.int64)) if IS_COMPILED else [0] * size


def as_floats(values: object) -> MutableSequence[float]:
    """These numbers, as the law of this process wants them."""
    array = np.ascontiguousarray(values, dtype=np.float64).ravel()
    return cast("MutableSequence[float]", array.copy() if IS_COMPILED else array.tolist())


def as_ints(values: object) -> MutableSequence[int]:
    """These whole numbers below 2³¹, as the law of this process wants them."""
    array = np.ascontiguousarray(values, dtype=np.int64).ravel()
    return cast("MutableSequence[int]", array.astype(np.int32) if IS_COMPILED else array.tolist())
