"""The street as hardware over a real broker: it speaks, obeys, says goodbye, and survives a broken line."""

import asyncio
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import MQTTMessage

from parking.address import parse_address
from parking.broker import Broker, BrokerKind, open_broker
from parking.streetclock import StreetTime
from parking.towns.load import load_town
from sim.ground import ground_of
from sim.run import Run, be_street
from sim.shipped import load_scenario
from tests.conftest import ROOT
from tests.edge.wires import Speaker, needs

DEMO = load_scenario("demo")
DEVICES = 50
SPEED = 20.0


@pytest.fixture(params=[BrokerKind.MOSQUITTO, BrokerKind.IOTCORE])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    needs(request.param)
    async with open_broker(tmp_path / "broker", prefer=request.param) as found:
        yield found


@contextmanager
def listening(url: str, topic: str) -> Iterator[Speaker]:
    speaker = Speaker(url, f"listener-{time.monotonic_ns()}")
    speaker.listen(topic)
    try:
        yield speaker
    finally:
        speaker.close()


@contextmanager
def a_street_on(url: str, stop: asyncio.Event, ends: datetime | None = None) -> Iterator["asyncio.Task[None]"]:
    run = Run(url, "t", ground_of(DEMO, load_town(), 1), DEMO, StreetTime(DEMO.begins, time.time(), SPEED), until=ends)
    task = asyncio.get_running_loop().create_task(be_street(run, stop))
    try:
        yield task
    finally:
        stop.set()


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not come about in time"
        await asyncio.sleep(0.05)


def heard(messages: list[MQTTMessage], ending: str) -> dict[str, dict[str, Any]]:
    """The newest message of each topic with that ending, decoded."""
    return {one.topic: json.loads(one.payload) for one in messages if one.topic.endswith(ending)}


async def test_every_device_reports_itself_and_says_goodbye(broker: Broker) -> None:
    stop = asyncio.Event()
    with listening(broker.url, "t/#") as ear, a_street_on(broker.url, stop) as street:
        await until(lambda: len(heard(ear.heard, "/status")) == DEVICES)
        await until(lambda: len(heard(ear.heard, "/shown")) == 12)
        stop.set()
        await asyncio.wait_for(street, 10)
        await until(lambda: all(one["state"] == "offline" for one in heard(ear.heard, "/status").values()))
        assert all(one["seq"] > 0 for one in heard(ear.heard, "/status").values())


async def test_a_sign_carries_out_and_confirms_what_it_is_told(broker: Broker) -> None:
    stop = asyncio.Event()
    order = {
        "sign": "G12", "epoch": 2, "sequence": 5, "at": DEMO.begins.isoformat(), "valid_s": 60.0,
        "until": (DEMO.begins + timedelta(hours=2)).isoformat(),
        "rows": [{"line": 1, "state": "full", "free": 0, "text": "满", "colour": "red"}],
    }  # fmt: skip
    with listening(broker.url, "t/signs/+/shown") as ear, a_street_on(broker.url, stop) as street:
        ear.say([json.dumps(order).encode()], "t/signs/G12/show", retain=True)
        await until(lambda: heard(ear.heard, "G12/shown").get("t/signs/G12/shown", {}).get("rows") == ["满"])
        assert heard(ear.heard, "G12/shown")["t/signs/G12/shown"]["sequence"] == 5
        stop.set()
        await asyncio.wait_for(street, 10)


async def test_the_street_ends_by_itself_when_its_time_has_come(broker: Broker) -> None:
    with a_street_on(broker.url, asyncio.Event(), DEMO.begins + timedelta(seconds=30)) as street:
        await asyncio.wait_for(street, 15)


class Relay:
    """A wire between the street and its broker that a test may cut and mend."""

    def __init__(self, url: str) -> None:
        self._to = parse_address(url)
        self._server: asyncio.Server | None = None
        self._ends: list[asyncio.StreamWriter] = []
        self._port = 0

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self._port}"

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()
        await asyncio.sleep(0)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(self._to.host, self._to.port)
        self._ends += [writer, forth]
        await asyncio.gather(_carry(reader, forth), _carry(back, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_what_was_said_while_the_line_was_broken_comes_later_with_its_own_numbers(broker: Broker) -> None:
    relay, stop = Relay(broker.url), asyncio.Event()
    await relay.mend()
    with listening(broker.url, "t/devices/#") as ear, a_street_on(relay.url, stop) as street:
        await until(lambda: len(numbers(ear.heard)) == DEVICES)
        await relay.cut()
        await asyncio.sleep(0.2)
        before = numbers(ear.heard)
        await asyncio.sleep(2.0)
        assert numbers(ear.heard).keys() == before.keys()
        await relay.mend()
        await until(lambda: all(max(seen) > max(before[one]) for one, seen in numbers(ear.heard).items()))
        stop.set()
        await asyncio.wait_for(street, 10)
        await asyncio.sleep(0.3)
        await relay.cut()
    gaps = {one: set(range(1, max(seen) + 1)) - seen for one, seen in numbers(ear.heard).items()}
    assert [one for one, missing in gaps.items() if missing] == []
    assert sum(max(seen) for seen in numbers(ear.heard).values()) > sum(max(seen) for seen in before.values()) + 50


def numbers(messages: list[MQTTMessage]) -> dict[str, set[int]]:
    """The numbers of all that each device said, Wills aside."""
    found: dict[str, set[int]] = defaultdict(set)
    for message in list(messages):
        said = json.loads(message.payload)
        for one in said if isinstance(said, list) else [said]:
            found[one["device"]].add(one["seq"])
    return {device: seen - {0} for device, seen in found.items() if seen != {0}}


def start_street(url: str, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "sim", "street", "--broker", url, *words]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


async def test_a_killed_street_leaves_its_will(broker: Broker) -> None:
    with listening(broker.url, "t/devices/+/status") as ear:
        process = start_street(broker.url, "demo", "--root", "t", "--speed", "20")
        try:
            await until(lambda: len(heard(ear.heard, "/status")) == DEVICES, 30)
        finally:
            process.kill()
            process.wait(10)
        await until(lambda: all(one["state"] == "offline" for one in heard(ear.heard, "/status").values()))
        assert {one["seq"] for one in heard(ear.heard, "/status").values()} == {0}


async def test_a_street_told_to_end_ends_at_once(broker: Broker) -> None:
    with listening(broker.url, "parking/v1/devices/+/status") as ear:
        process = start_street(broker.url, "weekday", "--m0", str(time.time()))
        try:
            await until(lambda: len(heard(ear.heard, "/status")) == DEVICES, 30)
            process.terminate()
            assert await asyncio.to_thread(process.wait, 5) == 0
        finally:
            process.kill()
            process.wait(10)
