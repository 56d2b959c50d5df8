"""Every packet to who understands it: our own wire, or the family of a device that has a profile. Pure; never raises.

What is not understood becomes a doubt with its cause, without anything personal in its bytes.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from parking.domain.device import Device
from parking.domain.reading import Doubt, Reading
from sensors.families import camera, chirpstack, frigate, lorawan, lot_message, senml, things_stack
from sensors.families.misread import Misread
from sensors.families.plates import without_plates
from sensors.families.statement import Statement
from sensors.meaning import reading_of
from sensors.native import Decoded, Native, Packet
from sensors.profile_shapes import Family, Kind, Profile
from sensors.routes import Topic, make_routes

Read = Callable[[str, bytes, datetime, Profile], list[Statement]]

FAMILIES: Final[Mapping[Family, Read]] = {
    Family.SENML: lambda _topic, payload, at, profile: senml.statements(payload, at, profile),
    Family.FRIGATE: frigate.statements,
    Family.CAMERA: lambda _topic, payload, at, profile: camera.statements(payload, at, profile),
    Family.LOT_MESSAGE: lambda _topic, payload, at, profile: lot_message.statements(payload, at, profile),
}


def uplink_of(topic: str, payload: bytes) -> lorawan.Uplink | None:
    """The LoRaWAN uplink that a network server tells on this topic; None when none of them does. Raises Misread."""
    if chirpstack.is_uplink(topic):
        return chirpstack.read_uplink(topic, payload)
    if things_stack.is_uplink(topic):
        return things_stack.read_uplink(topic, payload)
    return None


class Dispatch:
    """Decodes packets of one registry, those of our own wire by `native`."""

    def __init__(
        self, native: Native, root: str, devices: Iterable[Device], profiles: Mapping[str, Profile] | None = None
    ) -> None:
        self._native = native
        self._bounds = native.bounds
        self._routes = make_routes(root, devices, profiles or {})
        self.subscriptions = self._routes.subscriptions(root)
        """Topics to hear beyond those of our own wire; none unless the registry has devices that speak there."""

    def decode(self, packets: Iterable[Packet]) -> Decoded:
        """Everything the packets say, in their order; one bad message never costs another."""
        if not self._routes.by_eui and not self._routes.by_topic:
            return self._native.decode(packets)
        into = Decoded()
        for packet in packets:
            topic = self._routes.by_topic.get(packet.topic)
            if topic is None and not _from_network_server(packet.topic):
                self._native.take(packet, into)
                continue
            self._take(packet, topic, into)
        return into

    def _take(self, packet: Packet, topic: Topic | None, into: Decoded) -> None:
        """Statements of the packet, each a reading or a doubt."""
        speaker = None if topic is None else topic.devices.get("")
        try:
            if packet.retained:
                raise Misread("retained")  # nobody knows how old it is
            if len(packet.payload) > self._bounds.payload_bytes:
                raise Misread("too_long")
            if topic is None:
                uplink, speaker, profile = self._uplink(packet)
                said = [(lorawan.statement(uplink, profile), speaker, profile)]
            else:
                said = self._statements(packet, topic)
        except Misread as trouble:
            into.doubts.append(_doubt(packet, trouble.cause, speaker))
            return
        causes: dict[str, Device] = {}
        for statement, device, profile in said:
            try:
                into.readings.append(self._reading(statement, device, profile, packet))
            except Misread as trouble:
                causes.setdefault(trouble.cause, device)
        into.doubts += [_doubt(packet, cause, device) for cause, device in causes.items()]

    def _uplink(self, packet: Packet) -> tuple[lorawan.Uplink, Device, Profile]:
        uplink = uplink_of(packet.topic, packet.payload)
        known = None if uplink is None else self._routes.by_eui.get(uplink.dev_eui)
        if uplink is None or known is None:
            raise Misread("device_unknown")
        return uplink, *known

    def _statements(self, packet: Packet, topic: Topic) -> list[tuple[Statement, Device, Profile]]:
        profile = topic.profile
        said = FAMILIES[profile.family](packet.topic, packet.payload, packet.received_at, profile)
        known = [(one, topic.devices.get(one.key) or topic.devices.get(""), profile) for one in said]
        found = [(one, device, profile) for one, device, profile in known if device is not None]
        if said and not found and profile.kind is not Kind.VIOLATION:  # cars park in zones that nobody watches
            raise Misread("device_unknown")
        return found

    def _reading(self, said: Statement, device: Device, profile: Profile, packet: Packet) -> Reading:
        if not self._bounds.believes(said.at, packet.received_at):
            raise Misread("clock")
        return reading_of(said, device, profile, packet.received_at)


def _from_network_server(topic: str) -> bool:
    return chirpstack.is_uplink(topic) or things_stack.is_uplink(topic)


def _doubt(packet: Packet, cause: str, device: Device | None) -> Doubt:
    owner = None if device is None else device.id
    return Doubt(packet.topic, cause, without_plates(packet.payload), packet.received_at, owner)
