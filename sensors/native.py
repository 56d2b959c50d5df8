"""Our own wire format into nouns: what can be understood becomes readings, the rest doubts. Pure; it never raises.

`docs/wire.md` is the contract; `wire_shapes` holds its types.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, TypeAlias, get_args

import msgspec

from parking.domain.device import Device
from parking.domain.guidance import Shown
from parking.domain.ids import SignId
from parking.domain.reading import Doubt, Reading
from sensors.wire_shapes import Said, ShownSaid, Status

_Json: TypeAlias = msgspec.json.Decoder[list[Said] | Said]


class Packet(NamedTuple):
    """One message off the wire."""

    topic: str
    payload: bytes
    received_at: datetime
    retained: bool


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is not believed, or not even read."""

    ahead: timedelta = timedelta(minutes=5)
    """A device's clock may run this far before ours: more than any drift between two daily time checks."""
    behind: timedelta = timedelta(days=31)
    """A gateway may hand in a month; a device without a clock says 1970."""
    payload_bytes: int = 256 * 1024
    """Some 2,000 readings; more is a mistake or an attack, and is never parsed."""
    elements: int = 2_500
    """No array of good readings within `payload_bytes` has more; bounds the doubts one message can cause."""

    def believes(self, at: datetime, received_at: datetime) -> bool:
        """Whether a device's clock may have said `at`."""
        return -self.ahead <= received_at - at <= self.behind


@dataclass(slots=True)
class Decoded:
    """What a batch of packets says."""

    readings: list[Reading] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


_SAID: Final[_Json] = msgspec.json.Decoder(list[Said] | Said)
_ONE: Final[msgspec.json.Decoder[Said]] = msgspec.json.Decoder(Said)
_PARTS: Final[msgspec.json.Decoder[list[msgspec.Raw]]] = msgspec.json.Decoder(list[msgspec.Raw])
_STATUS: Final[msgspec.json.Decoder[Status]] = msgspec.json.Decoder(Status)
_SHOWN: Final[msgspec.json.Decoder[ShownSaid]] = msgspec.json.Decoder(ShownSaid)
_ANY: Final[msgspec.json.Decoder[object]] = msgspec.json.Decoder()


class Native:
    """Decodes packets of the devices and signs of one registry, below one topic root."""

    subscriptions: tuple[str, ...] = ()
    """Topics beyond that root: none."""

    def __init__(
        self, root: str, devices: Iterable[Device], signs: Iterable[SignId], bounds: Bounds | None = None
    ) -> None:
        self._root = root
        self.bounds = bounds or Bounds()
        known = tuple(devices)
        self._readings = {f"{root}/devices/{device.id}/reading": device for device in known}
        self._statuses = {f"{root}/devices/{device.id}/status": device for device in known}
        self._shown = {f"{root}/signs/{sign}/shown": sign for sign in signs}

    def decode(self, packets: Iterable[Packet]) -> Decoded:
        """Everything the packets say, in their order; one bad element never costs its siblings."""
        into = Decoded()
        for packet in packets:
            self.take(packet, into)
        return into

    def take(self, packet: Packet, into: Decoded) -> None:
        """What one packet says, added to the rest."""
        cause = self._take(packet, into)
        if cause:
            into.doubts.append(self._doubt(packet, cause))

    def _take(self, packet: Packet, into: Decoded) -> str:
        """Cause of doubt about the whole packet; empty when it, or each of its elements, is dealt with."""
        topic, payload, _, _ = packet
        if len(payload) > self.bounds.payload_bytes:
            return "too_long"
        try:
            if not payload.isascii():
                payload.decode()
            if (device := self._readings.get(topic)) is not None:
                return self._take_readings(packet, device, into)
            if (device := self._statuses.get(topic)) is not None:
                return self._take_status(packet, device, into)
            if (sign := self._shown.get(topic)) is not None:
                return self._take_shown(packet, sign, into)
            return self._stranger(topic)
        except UnicodeDecodeError:
            return "utf8"
        except RecursionError:
            return "nesting"
        except msgspec.ValidationError:
            return _cause_of(payload, kinds=False)
        except msgspec.DecodeError:
            return "json"

    def _take_readings(self, packet: Packet, device: Device, into: Decoded) -> str:
        try:
            said = _SAID.decode(packet.payload)
        except msgspec.ValidationError:
            return self._take_parts(packet, device, into)
        if not isinstance(said, list):
            return self._judge(said, packet, device, into)
        causes = [self._judge(one, packet, device, into) for one in said]
        if any(causes):
            self._doubt_parts(packet, causes, into)
        return "" if causes else "shape"

    def _take_parts(self, packet: Packet, device: Device, into: Decoded) -> str:
        """Element by element, because at least one of them does not fit."""
        parts = _parts(packet.payload)
        if parts is None:
            return _cause_of(packet.payload, kinds=True)
        if not parts or len(parts) > self.bounds.elements:
            return "shape"
        for part in parts:
            if cause := self._take_part(part, packet, device, into):
                into.doubts.append(self._doubt(packet._replace(payload=bytes(part)), cause))
        return ""

    def _take_part(self, part: msgspec.Raw, packet: Packet, device: Device, into: Decoded) -> str:
        try:
            return self._judge(_ONE.decode(part), packet, device, into)
        except msgspec.ValidationError:
            return _cause_of(part, kinds=True)
        except msgspec.DecodeError:
            return "json"

    def _doubt_parts(self, packet: Packet, causes: list[str], into: Decoded) -> None:
        parts = _PARTS.decode(packet.payload)
        for part, cause in zip(parts, causes, strict=True):
            if cause:
                into.doubts.append(self._doubt(packet._replace(payload=bytes(part)), cause))

    def _judge(self, said: Said, packet: Packet, device: Device, into: Decoded) -> str:
        if said.device != device.id:
            return "device_other"
        if cause := said.foreign(device):
            return cause
        if not self.bounds.believes(said.at, packet.received_at):
            return "clock"
        into.readings.append(said.reading(said.at.astimezone(UTC), packet.received_at))
        return ""

    def _take_status(self, packet: Packet, device: Device, into: Decoded) -> str:
        said = _STATUS.decode(packet.payload)
        if said.device != device.id:
            return "device_other"
        if not self.bounds.believes(said.at, packet.received_at):
            return "clock"
        into.readings.append(said.reading(said.at.astimezone(UTC), packet.received_at, packet.retained))
        return ""

    def _take_shown(self, packet: Packet, sign: SignId, into: Decoded) -> str:
        said = _SHOWN.decode(packet.payload)
        if said.sign != sign:
            return "sign_other"
        if not self.bounds.believes(said.at, packet.received_at):
            return "clock"
        into.shown.append(said.shown(said.at.astimezone(UTC), packet.received_at))
        return ""

    def _stranger(self, topic: str) -> str:
        match topic.removeprefix(self._root + "/").split("/"):
            case ["devices", _, "reading" | "status"]:
                return "device_unknown"
            case ["signs", _, "shown"]:
                return "sign_unknown"
        return "topic"

    def _doubt(self, packet: Packet, cause: str) -> Doubt:
        device = self._readings.get(packet.topic) or self._statuses.get(packet.topic)
        return Doubt(packet.topic, cause, packet.payload, packet.received_at, None if device is None else device.id)


def _parts(payload: bytes) -> list[msgspec.Raw] | None:
    try:
        return _PARTS.decode(payload)
    except msgspec.ValidationError:
        return None


_KINDS: Final = tuple(kind.__struct_config__.tag for kind in get_args(Said))


def _cause_of(payload: bytes | msgspec.Raw, *, kinds: bool) -> str:
    """Why well-formed JSON did not fit. Slow, and only for what is broken already."""
    try:
        what = _ANY.decode(payload)
    except msgspec.ValidationError:
        return "field"  # a number beyond all bounds
    except msgspec.DecodeError:
        return "json"
    if not isinstance(what, dict):
        return "shape"
    return "field" if not kinds or what.get("kind") in _KINDS else "kind"
