"""Messages as docs/wire.md writes them: topics, times and JSON. Written from that page alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

Fields: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Message:
    """Something a device says."""

    device: str
    topic: str
    """Below the root."""
    payload: Fields | Sequence[Fields]
    retain: bool = False

    def encode(self) -> bytes:
        """JSON, UTF-8; the same payload always gives the same bytes."""
        return json.dumps(self.payload, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def stamp(at: float) -> str:
    """Seconds since 1970 as RFC 3339 in UTC, to the millisecond where there is one."""
    text = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return text.replace(".000+00:00", "Z").replace("+00:00", "Z")


def seconds_of(text: str) -> float:
    """RFC 3339 as seconds since 1970. Raises ValueError for anything else, or a time without zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return at.timestamp()


def reading_message(device: str, readings: Sequence[Fields]) -> Message:
    """One reading alone, several as an array."""
    return Message(device, f"devices/{device}/reading", readings[0] if len(readings) == 1 else readings)


def status_message(device: str, boot: int, seq: int, at: float, period_s: float, *, online: bool) -> Message:
    """A status; with seq 0 and offline it is the Will."""
    fields: dict[str, object] = {
        "device": device,
        "state": "online" if online else "offline",
        "boot": boot,
        "seq": seq,
        "at": stamp(at),
        "period_s": period_s,
        "firmware": "sim-1",
    }
    return Message(device, f"devices/{device}/status", fields, retain=True)


def shown_message(sign: str, epoch: int, sequence: int, at: float, rows: Sequence[str]) -> Message:
    """What a sign confirms."""
    fields = {"sign": sign, "epoch": epoch, "sequence": sequence, "at": stamp(at), "rows": list(rows), "errors": []}
    return Message(sign, f"signs/{sign}/shown", fields)


@dataclass(frozen=True, slots=True)
class Show:
    """What a sign is told, as far as its lamps care."""

    epoch: int
    sequence: int
    at: float
    until: float
    valid_s: float
    texts: tuple[str, ...]


def show_of(payload: bytes) -> Show | None:
    """The order in these bytes; None when it cannot be understood, for a sign does not argue."""
    try:
        fields = json.loads(payload)
        rows = sorted(fields["rows"], key=lambda row: int(row["line"]))
        return Show(
            epoch=int(fields["epoch"]),
            sequence=int(fields["sequence"]),
            at=seconds_of(fields["at"]),
            until=seconds_of(fields["until"]),
            valid_s=float(fields["valid_s"]),
            texts=tuple(str(row["text"]) for row in rows),
        )
    except (KeyError, TypeError, ValueError):
        return None
