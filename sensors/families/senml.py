"""SenML packs in JSON (RFC 8428): base fields, relative times, units; sums are not read.

A profile's records say which names tell what: `bays/{bay}` of unit "" as a bay's state, `taken` of unit `count`, a
share of unit `/`. Values of one bay, or of the device, at one time are one statement. A time below 2^28 is relative to
when the pack came; a pack without any time is "now", and has no identity that outlives its delivery.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sensors.families.misread import Misread, number_of, read_json, sound
from sensors.families.statement import Statement
from sensors.layout_shapes import Scalar, Value
from sensors.profile_shapes import Profile, Record

RELATIVE_BELOW: Final = 2**28
"""Seconds; RFC 8428, 4.5.3."""
VERSION: Final = 10
"""The newest this reads; a pack says when it needs a newer one."""
MOST_RECORDS: Final = 2_500
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-:./_]*")
BAY: Final = r"(?P<bay>[A-Za-z0-9.\-]{1,64})"
WORDS: Final = {"bn": str, "bu": str, "n": str, "u": str, "vs": str, "vd": str, "vb": bool}
NUMBERS: Final = ("bt", "bv", "bs", "bver", "v", "s", "t", "ut")


class Resolved(NamedTuple):
    """A record with its base fields in it."""

    name: str
    unit: str
    value: Scalar
    at: datetime


def statements(payload: bytes, received_at: datetime, profile: Profile) -> list[Statement]:
    """What the pack says, in its order; names that the profile does not know are left out.

    Raises:
        Misread: `utf8`, `json`, `nesting`; `field`, a record is not one of RFC 8428; `version`, it needs a newer
            reader; `shape`, it is empty or too long; `name`, it tells nothing that the profile knows.
    """
    pack = read_json(payload, list[dict[str, Any]])
    if not 0 < len(pack) <= MOST_RECORDS:
        raise Misread("shape")
    groups: dict[tuple[str, datetime], tuple[list[str], dict[str, Value]]] = {}
    for one in resolve(pack, received_at):
        found = _known(one, profile.record)
        if found is not None:
            record, bay = found
            names, values = groups.setdefault((bay, one.at), ([], {}))
            names.append(one.name)
            values[record.gives] = one.value
    if not groups:
        raise Misread("name")
    return [Statement("", 0, number_of(*names), at, values, bay=bay) for (bay, at), (names, values) in groups.items()]


def resolve(pack: Sequence[Mapping[str, Any]], received_at: datetime) -> Iterator[Resolved]:
    """The records with values, each with its base name, unit, value and time. Raises Misread."""
    base: dict[str, Any] = {"bn": "", "bt": 0, "bu": "", "bv": 0}
    for record in pack:
        _check(record)
        if record.get("bver", VERSION) > VERSION:
            raise Misread("version")
        base |= {name: record[name] for name in base if name in record}
        value = _value(record, base["bv"])
        if value is None:
            continue
        name = base["bn"] + record.get("n", "")
        if not NAME.fullmatch(name):
            raise Misread("field")
        at = _time(base["bt"] + record.get("t", 0), received_at)
        yield Resolved(name, record.get("u", base["bu"]), value, at)


def _check(record: Mapping[str, Any]) -> None:
    for name, value in record.items():
        if name.endswith("_"):
            raise Misread("field")  # a label that must be understood, and is not
        if name in WORDS and not isinstance(value, WORDS[name]):
            raise Misread("field")
        if name in NUMBERS:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise Misread("field")
            sound(value)


def _value(record: Mapping[str, Any], base: float) -> Scalar | None:
    """The record's one value; None when it has none, or only a sum."""
    told = [name for name in ("v", "vs", "vb", "vd") if name in record]
    if len(told) > 1:
        raise Misread("field")
    if not told:
        return None
    value: Scalar = record[told[0]]
    return value + base if told == ["v"] and not isinstance(value, str) else value


def _time(seconds: float, received_at: datetime) -> datetime:
    try:
        since = received_at.timestamp() + seconds if seconds < RELATIVE_BELOW else seconds
        return datetime.fromtimestamp(since, UTC)
    except (OverflowError, ValueError, OSError):
        raise Misread("field") from None


def _known(one: Resolved, records: Sequence[Record]) -> tuple[Record, str] | None:
    """What the profile says of this name and unit, and which bay it names."""
    for record in records:
        found = _pattern(record.name).search(one.name)
        if found is not None and record.unit in ("", one.unit):
            return record, found.groupdict().get("bay") or ""
    return None


@lru_cache(maxsize=256)
def _pattern(name: str) -> re.Pattern[str]:
    """The end of a full name, from a separator on."""
    return re.compile(r"(?:^|[:/_.\-])" + re.escape(name).replace(r"\{bay\}", BAY) + r"\Z")
