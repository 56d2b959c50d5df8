"""What devices say is kept before it is acknowledged: nothing is lost, nothing counts twice, memory stays bounded."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Sequence, Sized
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parking.broker import Broker, BrokerKind, open_broker
from parking.domain.errors import StoreDown
from parking.domain.inputs import Input
from parking.domain.reading import Doubt, Reading
from parking.flow.collect import Collect
from parking.ports import Kept
from sensors.feed import MqttFeed
from sensors.feed.room import Size
from tests.edge.wires import READINGS, Speaker, WallClock, a_gate, a_native, needs, processes_in

KINDS = (BrokerKind.MOSQUITTO, BrokerKind.IOTCORE)


class Notebook:
    """An intake in memory that can be away."""

    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.doubts: list[Doubt] = []
        self.kept: list[Kept] = []
        self.away = asyncio.Event()
        self.tried = asyncio.Event()

    async def keep(
        self, readings: Sequence[Reading] = (), others: Sequence[Input] = (), doubts: Sequence[Doubt] = ()
    ) -> Kept | None:
        self.tried.set()
        if self.away.is_set():
            raise StoreDown("away for a while")
        new = [reading for reading in readings if reading.seq not in self.seqs]
        self.seqs += [reading.seq for reading in new]
        self.doubts += doubts
        return Kept(len(self.seqs), (*new, *others)) if new or others else None

    async def after(self, position: int, limit: int = 10_000) -> Sequence[Kept]:
        return [kept for kept in self.kept if kept.position > position][:limit]


@pytest.fixture(params=KINDS)
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    needs(request.param)
    async with open_broker(tmp_path / "broker", prefer=request.param) as found:
        yield found


@pytest.fixture
async def mosquitto(tmp_path: Path) -> AsyncIterator[Broker]:
    needs(BrokerKind.MOSQUITTO)
    async with open_broker(tmp_path / "broker", prefer=BrokerKind.MOSQUITTO) as found:
        yield found


class House:
    """Feed and collect loop around a notebook."""

    def __init__(self, url: str, notebook: Notebook, *, size: Size | None = None, swift: bool | None = None) -> None:
        self.up = asyncio.Event()
        self.states: list[tuple[bool, str]] = []
        self.feed = MqttFeed(url, a_native(), WallClock(), size=size, swift=swift, on_state=self._state)
        self.collect = Collect(self.feed, notebook, notebook.kept.append)

    def _state(self, up: bool, detail: str) -> None:
        self.states.append((up, detail))
        (self.up.set if up else self.up.clear)()

    async def __aenter__(self) -> "House":
        await self.feed.__aenter__()
        self._task = asyncio.create_task(self.collect.run())
        async with asyncio.timeout(10):
            await self.up.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        await self.feed.__aexit__()


async def until(growing: Sized, count: int) -> None:
    async with asyncio.timeout(15):
        while len(growing) < count:
            await asyncio.sleep(0.01)


async def say(url: str, payloads: Sequence[bytes], topic: str = READINGS) -> None:
    def speak() -> None:
        speaker = Speaker(url)
        speaker.say(payloads, topic)
        speaker.close()

    await asyncio.to_thread(speak)


@pytest.mark.parametrize("swift", [True, False])
async def test_what_devices_say_is_kept_in_order_and_handed_on(broker: Broker, swift: bool) -> None:
    notebook = Notebook()
    async with House(broker.url, notebook, swift=swift) as house:
        await say(broker.url, [a_gate(seq) for seq in range(500)])
        await until(notebook.seqs, 500)
    assert notebook.seqs == list(range(500))
    assert [reading.seq for kept in notebook.kept for reading in kept.inputs] == list(range(500))
    assert (house.collect.counts.readings, house.collect.counts.new) == (500, 500)
    assert house.collect.counts.messages >= 500


@pytest.mark.parametrize("swift", [True, False])
async def test_a_service_that_was_away_hears_what_it_missed(broker: Broker, swift: bool) -> None:
    async with House(broker.url, Notebook(), swift=swift):
        pass
    await say(broker.url, [a_gate(seq) for seq in range(50)])
    notebook = Notebook()
    async with House(broker.url, notebook, swift=swift):
        await until(notebook.seqs, 50)
    assert notebook.seqs == list(range(50))


@pytest.mark.parametrize("swift", [True, False])
async def test_what_was_kept_but_not_acknowledged_comes_again_and_changes_nothing(broker: Broker, swift: bool) -> None:
    async with House(broker.url, Notebook(), swift=swift):
        pass
    await say(broker.url, [a_gate(seq) for seq in range(20)])
    notebook = Notebook()
    feed = MqttFeed(broker.url, a_native(), WallClock(), swift=swift)
    async with feed:
        async for arrivals in feed.batches():
            await notebook.keep(arrivals.readings)
            if len(notebook.seqs) == 20:
                break
    async with House(broker.url, notebook, swift=swift) as house:
        await say(broker.url, [a_gate(20)])
        await until(notebook.seqs, 21)
    assert notebook.seqs == list(range(21))
    assert house.collect.counts.readings == 20 + 1


async def test_nothing_is_acknowledged_while_the_store_is_away_and_the_room_never_overflows(broker: Broker) -> None:
    notebook = Notebook()
    notebook.away.set()
    size = Size(messages=50, batch_messages=10)
    async with House(broker.url, notebook, size=size) as house:
        speaking = asyncio.create_task(say(broker.url, [a_gate(seq) for seq in range(400)]))
        await notebook.tried.wait()
        most = 0
        for _ in range(50):
            most = max(most, house.feed.queued)
            await asyncio.sleep(0.01)
        assert 0 < most <= 50
        assert notebook.seqs == []
        notebook.away.clear()
        await until(notebook.seqs, 400)
        await speaking
    assert notebook.seqs == list(range(400))


async def test_an_acknowledgement_for_an_earlier_connection_is_dropped(mosquitto: Broker, tmp_path: Path) -> None:
    notebook = Notebook()
    feed = MqttFeed(mosquitto.url, a_native(), WallClock(), on_state=lambda up, _: up and again.set())
    again = asyncio.Event()
    async with feed:
        await asyncio.wait_for(again.wait(), 10)
        await say(mosquitto.url, [a_gate(0)])
        batches = feed.batches()
        early = await anext(batches)
        again.clear()
        restart(tmp_path / "broker")
        await asyncio.wait_for(again.wait(), 15)
        await feed.acknowledge(early)
        late = await asyncio.wait_for(anext(batches), 10)
        await notebook.keep(early.readings)
        await notebook.keep(late.readings)
        assert late.readings
        await feed.acknowledge(late)
        await batches.aclose()
    assert notebook.seqs == [0]
    async with House(mosquitto.url, notebook):
        await say(mosquitto.url, [a_gate(1)])
        await until(notebook.seqs, 2)
    assert notebook.seqs == [0, 1]


def restart(folder: Path) -> None:
    """End the broker politely; its keeper starts it again."""
    (mosquitto,) = [process for process in processes_in(folder) if process.cwd() == str(folder)]
    os.kill(mosquitto.pid, signal.SIGTERM)
    mosquitto.wait(10)


async def test_the_feed_comes_back_by_itself_after_the_broker_was_away(mosquitto: Broker, tmp_path: Path) -> None:
    notebook = Notebook()
    async with House(mosquitto.url, notebook) as house:
        await say(mosquitto.url, [a_gate(0)])
        await until(notebook.seqs, 1)
        house.up.clear()
        await asyncio.to_thread(restart, tmp_path / "broker")
        await asyncio.wait_for(house.up.wait(), 15)
        await say(mosquitto.url, [a_gate(1)])
        await until(notebook.seqs, 2)
    assert False in [up for up, _ in house.states[1:-1]]


async def test_ten_megabytes_are_put_away_as_one_doubt(broker: Broker) -> None:
    notebook = Notebook()
    async with House(broker.url, notebook):
        await say(broker.url, [a_gate(0), b"[" * 10_000_000, a_gate(1)])
        await until(notebook.seqs, 2)
        await until(notebook.doubts, 1)
    (doubt,) = notebook.doubts
    assert (doubt.cause, len(doubt.payload), notebook.seqs) == ("too_long", 10_000_000, [0, 1])


MISFITS = (
    b"\xff\xfe\x00",
    b"{",
    b"[[[[" * 5_000,
    b'{"kind":"gate","device":"gate-1","boot":NaN}',
    a_gate(1, at="1970-01-01T00:00:00Z"),
    a_gate(1, at="2100-01-01T00:00:00Z"),
    a_gate(1, entered="many"),
    a_gate(1, lot="P99"),
    a_gate(1, device="gate-2"),
)


async def test_misfits_among_good_messages_are_put_away_one_by_one(broker: Broker) -> None:
    notebook = Notebook()
    mixed = [said for seq in range(200) for said in (a_gate(seq), MISFITS[seq % len(MISFITS)])]
    async with House(broker.url, notebook):
        await say(broker.url, mixed)
        await say(broker.url, [a_gate(0)], "parking/v1/devices/stranger/reading")
        await until(notebook.seqs, 200)
        await until(notebook.doubts, 201)
    assert notebook.seqs == list(range(200))
    causes = {doubt.cause for doubt in notebook.doubts}
    assert causes == {"utf8", "json", "nesting", "clock", "field", "lot_foreign", "device_other", "device_unknown"}


async def test_a_will_and_a_sign_are_heard_too(broker: Broker) -> None:
    notebook = Notebook()
    at = datetime.now(UTC).isoformat()
    status = {"device": "gate-1", "state": "online", "boot": 1, "seq": 1, "at": at, "period_s": 30}
    shown = {"sign": "G01", "epoch": 1, "sequence": 2, "at": at, "rows": ["51"]}
    async with House(broker.url, notebook) as house:
        await say(broker.url, [json.dumps(status).encode()], "parking/v1/devices/gate-1/status")
        await say(broker.url, [json.dumps(shown).encode()], "parking/v1/signs/G01/shown")
        async with asyncio.timeout(10):
            while house.collect.counts.new < 2:
                await asyncio.sleep(0.01)
    assert {type(one).__name__ for kept in notebook.kept for one in kept.inputs} == {"StatusReading", "Shown"}


async def test_mqtt_3_1_1_does_too(mosquitto: Broker) -> None:
    feed = MqttFeed(mosquitto.url, a_native(), WallClock(), version=4)
    async with feed:
        await asyncio.sleep(0.3)
        await say(mosquitto.url, [a_gate(0)])
        batch = await asyncio.wait_for(anext(feed.batches()), 10)
    assert [reading.seq for reading in batch.readings] == [0]
