"""What the wire's tests share: a small registry, a device that speaks, and brokers of both kinds."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from parking.address import parse_address
from parking.broker import BrokerKind, find_mosquitto
from parking.domain.device import Device, DeviceKind
from parking.domain.ids import DeviceId, LotId, SignId
from sensors.native import Native
from tests.conftest import missing

READINGS = "parking/v1/devices/gate-1/reading"
GATE = Device(DeviceId("gate-1"), DeviceKind.GATE, timedelta(seconds=30), frozenset({LotId("P01")}))


class WallClock:
    """Street time that is the machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        raise AssertionError(f"nobody on the wire sleeps until {at}")


def a_native() -> Native:
    return Native("parking/v1", [GATE], [SignId("G01")])


def a_gate(seq: int, **changes: object) -> bytes:
    fields = {"kind": "gate", "device": "gate-1", "boot": 1, "seq": seq, "at": datetime.now(UTC).isoformat()}
    return json.dumps({**fields, "lot": "P01", "entered": seq, "left": 0, **changes}).encode()


def needs(kind: BrokerKind) -> None:
    """Skip, or fail where everything is required, when that broker is not installed."""
    if kind is BrokerKind.MOSQUITTO and find_mosquitto() is None:
        missing("mosquitto")


class Speaker:
    """A device, or a listener: an ordinary paho client with its own thread."""

    def __init__(self, url: str, name: str = "device") -> None:
        address = parse_address(url)
        self.heard: list[MQTTMessage] = []
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.max_inflight_messages = 100
        self.client.on_message = lambda _c, _u, message: self.heard.append(message)
        self.client.connect(address.host, address.port)
        self.client.loop_start()

    def say(self, payloads: Sequence[bytes], topic: str = READINGS, *, retain: bool = False) -> None:
        """Return when the broker has confirmed them all."""
        for sent in [self.client.publish(topic, payload, qos=1, retain=retain) for payload in payloads]:
            sent.wait_for_publish(20)

    def listen(self, topic: str) -> None:
        self.client.subscribe(topic, qos=1)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def processes_in(folder: Path) -> list[psutil.Process]:
    """Processes that work in that folder or were told of it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(folder) or any(str(folder) in word for word in process.cmdline()):
                found.append(process)
    return found
