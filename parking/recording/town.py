"""A town as canonical JSON, so that a recording still replays after the town's files have changed."""

from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from parking.domain.errors import BadRecording
from parking.domain.town import Town

_encoder: Final = msgspec.json.Encoder(order="deterministic")


def encode_town(town: Town) -> bytes:
    """The same town always gives the same bytes."""
    plain = msgspec.to_builtins(town, order="deterministic", str_keys=True, enc_hook=_plain)
    return _encoder.encode(plain)


def decode_town(data: bytes) -> Town:
    """The town back. Raises BadRecording when it was written by a version whose towns are others."""
    try:
        return msgspec.json.decode(data, type=Town, dec_hook=_rich)
    except (msgspec.MsgspecError, ZoneInfoNotFoundError) as trouble:
        raise BadRecording(f"town.json: {trouble}; replay it with the version that recorded it") from trouble


def _plain(value: Any) -> object:  # noqa: ANN401 -- whatever the encoder does not know
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(f"a town holds no {type(value).__name__}")


def _rich(wanted: type, value: Any) -> object:  # noqa: ANN401 -- whatever the decoder does not know
    if wanted is ZoneInfo:
        return ZoneInfo(value)
    raise TypeError(f"a town holds no {wanted.__name__}")
