"""Inputs and decisions as bytes: the same value always gives the same bytes, so that they can be hashed and replayed.

JSON by msgspec: an input is `{"kind": …, …fields}`; times are RFC 3339 in UTC; mappings are sorted.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final, TypeVar, cast

import msgspec

from parking.domain.case import CaseChanged
from parking.domain.decisions import Decisions
from parking.domain.errors import BadJournal
from parking.domain.guidance import Shown
from parking.domain.inputs import Acknowledge, Closure, Event, Input, ModelFitted, Override, Shelve
from parking.domain.reading import (
    BayReading,
    CounterReading,
    CountReading,
    GateReading,
    QueueReading,
    StatusReading,
    TrafficReading,
    ViolationReading,
)
from parking.domain.settings import Settings

T = TypeVar("T")

KINDS: Final[dict[str, type]] = {
    "gate": GateReading,
    "counter": CounterReading,
    "bay": BayReading,
    "count": CountReading,
    "traffic": TrafficReading,
    "queue": QueueReading,
    "violation": ViolationReading,
    "status": StatusReading,
    "override": Override,
    "acknowledge": Acknowledge,
    "shelve": Shelve,
    "closure": Closure,
    "event": Event,
    "shown": Shown,
    "settings": Settings,
    "model_fitted": ModelFitted,
    "case_changed": CaseChanged,
}
KIND_OF: Final = {cls: kind for kind, cls in KINDS.items()}

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: object) -> bytes:
    """Any domain value as canonical JSON."""
    return _encoder.encode(value)


def decode(data: bytes | str, into: type[T]) -> T:
    """A domain value back from its JSON. Raises BadJournal when it does not fit."""
    try:
        return msgspec.json.decode(data, type=into)
    except msgspec.MsgspecError as trouble:
        raise BadJournal(f"{into.__name__}: {trouble}; was it written by another version?") from trouble


def input_to_builtins(value: Input) -> dict[str, Any]:
    """An input as a plain dict with its `kind` first."""
    fields = cast("dict[str, Any]", msgspec.to_builtins(value, order="deterministic"))
    return {"kind": KIND_OF[type(value)], **fields}


def input_from_builtins(fields: dict[str, Any]) -> Input:
    """The input back from its dict. Raises BadJournal for an unknown kind or a field that does not fit."""
    rest = dict(fields)
    kind = rest.pop("kind", None)
    cls = KINDS.get(str(kind))
    if cls is None:
        raise BadJournal(f"unknown input kind {kind!r}; it was written by a newer version")
    try:
        return cast("Input", msgspec.convert(rest, cls))
    except msgspec.ValidationError as trouble:
        raise BadJournal(f"{kind}: {trouble}; was it written by another version?") from trouble


def encode_inputs(values: Iterable[Input]) -> bytes:
    """Inputs in their order as one JSON array."""
    return _encoder.encode([input_to_builtins(value) for value in values])


def decode_inputs(data: bytes | str) -> tuple[Input, ...]:
    """Inputs back from `encode_inputs`."""
    return tuple(input_from_builtins(fields) for fields in msgspec.json.decode(data, type=list[dict[str, Any]]))


def digest(decisions: Decisions) -> str:
    """SHA-256 of a tick's decisions, hex."""
    return sha256(encode(decisions)).hexdigest()
