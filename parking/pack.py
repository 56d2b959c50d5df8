"""A part's whole state as bytes and back, without pickle: nested dicts and lists of plain values and numpy arrays.

MessagePack; an array is an extension (code 1) of its dtype, shape and little-endian bytes. The same state gives
the same bytes, so snapshots can be compared.
"""

from typing import Any, Final

import msgspec
import numpy as np

from parking.domain.errors import BadJournal

ARRAY: Final = 1
PLAIN_KINDS: Final = "biuf"
"""Booleans, integers and floats only: no object arrays ever leave or enter."""


def pack(state: object) -> bytes:
    """The state as bytes. Raises TypeError for anything that is neither plain nor a plain array."""
    return _encoder.encode(state)


def unpack(data: bytes) -> Any:  # noqa: ANN401 -- the reader knows what it packed
    """The state back. Raises BadJournal when the bytes are damaged."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, TypeError) as trouble:
        raise BadJournal(f"a stored state cannot be read: {trouble}; start from an older snapshot") from trouble


def _encode_array(value: object) -> msgspec.msgpack.Ext:
    if isinstance(value, np.generic):
        raise TypeError(f"a numpy scalar {value!r}: store it as a plain number")
    if not isinstance(value, np.ndarray) or value.dtype.kind not in PLAIN_KINDS:
        raise TypeError(f"{type(value).__name__} cannot be stored")
    little = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
    return msgspec.msgpack.Ext(ARRAY, _plain.encode((little.dtype.str, value.shape, little.tobytes())))


def _decode_array(code: int, data: memoryview) -> object:
    if code != ARRAY:
        raise ValueError(f"unknown extension {code}")
    dtype, shape, raw = msgspec.msgpack.decode(data, type=tuple[str, tuple[int, ...], bytes])
    if np.dtype(dtype).kind not in PLAIN_KINDS:
        raise ValueError(f"dtype {dtype} is not allowed")
    return np.frombuffer(raw, dtype=dtype).reshape(shape).copy()


_plain = msgspec.msgpack.Encoder()
_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_array)
_decoder = msgspec.msgpack.Decoder(ext_hook=_decode_array)
