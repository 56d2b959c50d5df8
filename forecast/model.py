"""Fitted coefficients and the experience behind them, as bytes without pickle."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from parking.domain.errors import BadJournal

NAME: Final = "profile-ridge-1"
"""Name and version: coefficients of another one are refused."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a refit found."""

    name: str
    fitted_at: datetime
    """Nothing later than this instant was used."""
    coefficients: bytes


def pack_arrays(name: str, arrays: Mapping[str, NDArray[np.float64]]) -> bytes:
    """A line of JSON that names the arrays, then the arrays as .npy; equal arrays give equal bytes."""
    out = io.BytesIO()
    out.write(json.dumps({"model": name, "arrays": list(arrays)}).encode() + b"\n")
    for array in arrays.values():
        np.save(out, np.ascontiguousarray(array, dtype="<f8"), allow_pickle=False)
    return out.getvalue()


def unpack_arrays(name: str, data: bytes) -> dict[str, NDArray[np.float64]]:
    """The arrays back. Raises BadJournal when the bytes are damaged or of another model."""
    source = io.BytesIO(data)
    try:
        head: dict[str, Any] = json.loads(source.readline())
        if head["model"] != name:
            raise BadJournal(f"coefficients of model {head['model']!r}, not {name!r}; fit again with this version")
        return {key: np.load(source, allow_pickle=False) for key in head["arrays"]}
    except (ValueError, KeyError, TypeError, EOFError) as trouble:
        raise BadJournal(f"coefficients cannot be read: {trouble}; fit again") from trouble
