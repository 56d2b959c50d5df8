"""A stream of numbered messages of all gates of the town, the same whenever it is asked for."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from parking.domain.device import DeviceKind
from parking.towns.load import load_town

ROOT = "parking/v1"
WINDOW = 2_000
"""Messages on their way to the broker."""


def gates() -> list[tuple[str, str, str]]:
    """Gate device, its lot, and the barrier system that can count that lot."""
    town = load_town()
    barriers = {next(iter(d.lots)): d.id for d in town.devices if d.kind is DeviceKind.BARRIER_SYSTEM}
    found = [(d.id, next(iter(d.lots))) for d in town.devices if d.kind is DeviceKind.GATE]
    return [(gate, lot, barriers[lot]) for gate, lot in found if lot in barriers]


def numbered(count: int, begins: datetime) -> Iterator[tuple[str, bytes]]:
    """Topic and payload of `count` readings: an empty lot, then cars in and out; every count agrees with the gates."""
    devices = gates()
    for n in range(count):
        gate, lot, barrier = devices[n % len(devices)]
        k = n // len(devices)
        at = (begins + timedelta(milliseconds=2 * n)).astimezone(UTC).isoformat()
        entered, left = passed(k, n, len(devices))
        if k == 0 or k % 50 == 49:
            body = {"kind": "count", "device": barrier, "taken": entered - left, "source": "barrier_system"}
        else:
            body = {"kind": "gate", "device": gate, "entered": entered, "left": left}
        body |= {"boot": 1, "seq": k + 1, "at": at, "lot": lot}
        yield f"{ROOT}/devices/{body['device']}/reading", json.dumps(body).encode()


def expected_taken(count: int) -> dict[str, int]:
    """Cars in each lot after the stream."""
    devices, taken = gates(), {}
    for n in range(count):
        k = n // len(devices)
        entered, left = passed(k, n, len(devices))
        taken[devices[n % len(devices)][1]] = entered - left
    return taken


def passed(k: int, n: int, devices: int) -> tuple[int, int]:
    """Totals with the k-th message of a lot: the first one of a gate tells of no car, so that all of them are seen."""
    entered = max(0, k - 1)
    return entered, max(0, entered - _stay(n, devices))


def _stay(n: int, devices: int) -> int:
    """Cars a lot holds once it is busy; another number for each."""
    return 30 + n % devices


class Publisher(threading.Thread):
    """Publishes a stream with QoS 1 at an even pace; `join` returns when the broker has confirmed all of it."""

    def __init__(self, url: str, messages: list[tuple[str, bytes]], per_s: float) -> None:
        super().__init__(name="publisher")
        self._url = urlsplit(url)
        self._messages = messages
        self._per_s = per_s
        self.sent = 0

    def run(self) -> None:
        client = Client(CallbackAPIVersion.VERSION2, "street-test", protocol=MQTTProtocolVersion.MQTTv5)
        client.max_inflight_messages_set(WINDOW)
        client.connect(str(self._url.hostname), int(self._url.port or 1883))
        client.loop_start()
        begun, last = time.monotonic(), MQTTMessageInfo(0)
        for topic, payload in self._messages:
            last = client.publish(topic, payload, qos=1)
            self.sent += 1
            if self.sent % 200 == 0:
                time.sleep(max(0.0, begun + self.sent / self._per_s - time.monotonic()))
        last.wait_for_publish(60)
        client.disconnect()
        client.loop_stop()
