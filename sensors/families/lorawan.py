"""What ChirpStack and The Things Stack have in common: an uplink of one device, and its bytes by the profile."""

import re
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sensors.families.misread import Misread, sound
from sensors.families.statement import Statement
from sensors.layout import read_message
from sensors.layout_shapes import Value
from sensors.profile_shapes import Profile

EUI: Final = re.compile(r"[0-9a-f]{16}")
ADDRESS: Final = re.compile(r"[0-9A-Fa-f]{0,8}")
MOST_COUNTER: Final = 2**32 - 1
"""Frame counters have 32 bits."""
MOST_PORT: Final = 255


class Uplink(NamedTuple):
    """One frame, as the network server hands it on."""

    dev_eui: str
    """16 hex digits, lower case."""
    boot: int
    seq: int
    at: datetime
    port: int
    data: bytes
    decoded: dict[str, Any] | None
    """What the network server's own codec made of it."""


def uplink(
    dev_eui: str, dev_addr: str, counter: int, at: datetime, port: int, data: bytes, decoded: dict[str, Any] | None
) -> Uplink:
    """The uplink with its identity. Device addresses are given anew at each join, so they tell sessions apart.

    Raises:
        Misread: `field`, an identifier or number is not one.
    """
    eui = dev_eui.lower()
    if not EUI.fullmatch(eui) or not ADDRESS.fullmatch(dev_addr):
        raise Misread("field")
    if not 0 <= counter <= MOST_COUNTER or not 0 <= port <= MOST_PORT:
        raise Misread("field")
    return Uplink(eui, int(dev_addr or "0", 16), counter, in_utc(at), port, data, decoded)


def in_utc(at: datetime) -> datetime:
    """The same instant. Raises Misread at the ends of the calendar."""
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Misread("field") from None


def statement(said: Uplink, profile: Profile) -> Statement:
    """What the uplink says by that profile. A frame without bytes is proof of life and says nothing else.

    Raises:
        Misread: `port`, `layout`, `length` or `item` of the bytes; `decoded` when the profile reads what the network
            server has decoded, and it has decoded nothing.
    """
    if profile.reads == "object":
        if said.decoded is None:
            raise Misread("decoded")
        values = plain(said.decoded)
    else:
        values = read_message(profile.message, said.port, said.data)[1] if said.data else {}
    return Statement(said.dev_eui, said.boot, said.seq, said.at, values)


def plain(decoded: dict[str, Any]) -> dict[str, Value]:
    """The values of an object that are no objects themselves. Raises Misread."""
    told: dict[str, Value] = {}
    for name, value in decoded.items():
        if value is None or isinstance(value, bool | str):
            told[name] = value
        elif isinstance(value, int | float):
            told[name] = sound(value)
    return told
