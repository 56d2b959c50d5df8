"""Ticks as JSON lines and back: one object a line, in street time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from parking.codec import input_from_builtins, input_to_builtins
from parking.domain.errors import BadJournal, BadRecording
from parking.recording.nouns import Line, Told

_encoder = msgspec.json.Encoder(order="deterministic")


class _Written(msgspec.Struct):
    """A line as it stands in the file."""

    at: datetime
    sha256: str
    stands: dict[str, str] = {}
    told: tuple[Told, ...] = ()
    inputs: list[dict[str, Any]] = []


_decoder = msgspec.json.Decoder(_Written)


def encode_line(line: Line) -> bytes:
    """The tick as one line of JSON, with its line feed; the same tick gives the same bytes."""
    fields: dict[str, object] = {"at": line.at, "sha256": line.sha256}
    if line.stands:
        fields["stands"] = line.stands
    if line.told:
        fields["told"] = line.told
    if line.inputs:
        fields["inputs"] = [input_to_builtins(value) for value in line.inputs]
    return _encoder.encode(fields) + b"\n"


def decode_lines(data: bytes, member: str) -> Iterator[Line]:
    """Ticks of one member, one after the other. Raises BadRecording where a line does not fit."""
    for number, text in enumerate(data.splitlines(), 1):
        try:
            found = _decoder.decode(text)
            inputs = tuple(map(input_from_builtins, found.inputs))
        except (msgspec.MsgspecError, BadJournal) as trouble:
            raise BadRecording(f"{member}, line {number}: {trouble}; take another copy of the file") from trouble
        yield Line(found.at, found.sha256, found.stands, found.told, inputs)


def encode_lines(lines: Iterable[Line]) -> bytes:
    """Many of them."""
    return b"".join(map(encode_line, lines))
