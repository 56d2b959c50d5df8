"""Readings as rows and back, without losing a bit of them."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, cast, get_args

import msgspec

from parking.codec import KIND_OF, KINDS, encode
from parking.domain.errors import BadJournal
from parking.domain.reading import Head, Reading

COLUMNS: Final = ("at", "device", "boot", "seq", "kind", "received_at", "lot", "section", "body", "batch", "n")
"""Order of a row's values."""

Row = tuple[datetime, str, int, int, str, datetime, str | None, str | None, bytes, int, int]

_IN_COLUMNS: Final = {field.name for field in fields(Head)} | {"lot", "section"}


def _body_of(cls: type) -> tuple[tuple[str, ...], Callable[[Any], Any]]:
    """Names of the fields that this kind alone has, and a getter of their values."""
    names = tuple(field.name for field in fields(cls) if field.name not in _IN_COLUMNS)
    return names, attrgetter(*names)


def _place_of(cls: type) -> tuple[bool, bool]:
    names = {field.name for field in fields(cls)}
    return "lot" in names, "section" in names


_BODY: Final = {cls: _body_of(cls) for cls in get_args(Reading)}
_PLACE: Final = {cls: _place_of(cls) for cls in get_args(Reading)}


def to_row(reading: Reading, batch: int, n: int) -> Row:
    """One row of `readings`; its body is canonical JSON of the kind's own fields."""
    cls = type(reading)
    names, values = _BODY[cls]
    found = values(reading)
    has_lot, has_section = _PLACE[cls]
    return (
        reading.at,
        reading.device,
        reading.boot,
        reading.seq,
        KIND_OF[cls],
        reading.received_at,
        reading.lot if has_lot else None,  # type: ignore[union-attr]  # looked up by class above
        reading.section if has_section else None,  # type: ignore[union-attr]  # looked up by class above
        encode(dict(zip(names, found if len(names) > 1 else (found,), strict=True))),
        batch,
        n,
    )


def from_row(row: Mapping[str, Any]) -> Reading:
    """The reading back. Raises BadJournal when it was written by a version that this one does not know."""
    cls = KINDS.get(row["kind"])
    if cls not in _BODY:
        raise BadJournal(f"stored reading of kind {row['kind']!r}; it was written by a newer version")
    has_lot, has_section = _PLACE[cls]
    told = msgspec.json.decode(row["body"], type=dict[str, Any])
    told |= {name: row[name] for name in ("device", "boot", "seq", "at", "received_at")}
    if has_lot:
        told["lot"] = row["lot"]
    if has_section:
        told["section"] = row["section"]
    try:
        return cast("Reading", msgspec.convert(told, cls))
    except msgspec.ValidationError as trouble:
        raise BadJournal(f"stored {row['kind']}: {trouble}; was it written by another version?") from trouble
