"""Snapshots in a file without repeating what did not change: big arrays are kept in blocks, each once, by its hash.

Of a town's 750 KB a snapshot some 600 are a profile that a day never changes and a history of which ten minutes change
two rows.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

import numpy as np

from parking.domain.errors import BadJournal
from parking.pack import pack, unpack

LARGE: Final = 4096
"""Bytes from which an array is kept apart."""
BLOCK: Final = 16_384
"""Bytes of a block: smaller ones find more that is the same, and cost a name each."""
PART: Final = "\0blocks"
"""Key under which a snapshot names an array's blocks; no state of ours has a name that begins so."""


def split(state: bytes) -> tuple[bytes, Mapping[str, bytes]]:
    """A packed state without its large arrays, and their blocks by name."""
    parts: dict[str, bytes] = {}
    return pack(_without(unpack(state), parts)), parts


def join(skeleton: bytes, part: Callable[[str], bytes]) -> bytes:
    """The packed state as it was, to the byte. Raises BadJournal when a piece cannot be read."""
    return pack(_with(unpack(skeleton), part))


def _without(value: Any, parts: dict[str, bytes]) -> object:  # noqa: ANN401 -- any plain state
    if isinstance(value, np.ndarray) and value.nbytes >= LARGE:
        data = value.tobytes()
        blocks = [data[begin : begin + BLOCK] for begin in range(0, len(data), BLOCK)]
        names = [sha256(block).hexdigest()[:32] for block in blocks]
        parts.update(zip(names, blocks, strict=True))
        return {PART: names, "dtype": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, dict):
        return {key: _without(inner, parts) for key, inner in value.items()}
    return [_without(inner, parts) for inner in value] if isinstance(value, list) else value


def _with(value: Any, part: Callable[[str], bytes]) -> object:  # noqa: ANN401 -- any plain state
    if isinstance(value, dict):
        return _array(value, part) if PART in value else {key: _with(inner, part) for key, inner in value.items()}
    return [_with(inner, part) for inner in value] if isinstance(value, list) else value


def _array(told: Mapping[str, Any], part: Callable[[str], bytes]) -> object:
    try:
        data = b"".join(map(part, told[PART]))
        return np.frombuffer(data, dtype=np.dtype(told["dtype"])).reshape(told["shape"]).copy()
    except (ValueError, TypeError, KeyError) as trouble:
        raise BadJournal(f"a snapshot's array does not fit: {trouble}; take another copy of the file") from trouble
