"""Signs and the world hear what they are told, on both brokers."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from paho.mqtt.client import MQTTMessage

from parking.broker import Broker, BrokerKind, open_broker
from parking.domain.errors import BrokerDown, SignDown
from parking.domain.guidance import Colour, Guidance, Row, State
from parking.domain.ids import SignId
from parking.domain.tick import Message
from parking.mqtt import MqttSink, Publisher
from parking.ports import Due
from signage.drivers.mqtt import MqttSignDriver
from tests.edge.wires import Speaker, WallClock, needs, processes_in

SHOW = "parking/v1/signs/G07/show"


@pytest.fixture(params=[BrokerKind.MOSQUITTO, BrokerKind.IOTCORE])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    needs(request.param)
    async with open_broker(tmp_path / "broker", prefer=request.param) as found:
        yield found


@pytest.fixture
async def publisher(broker: Broker) -> AsyncIterator[Publisher]:
    async with Publisher(broker.url) as found:
        await asyncio.wait_for(found.connected(), 10)
        yield found


def a_guidance(**changes: object) -> Guidance:
    now = datetime.now(UTC)
    fields = {
        "sign": SignId("G07"),
        "sequence": 311,
        "at": now,
        "until": now + timedelta(seconds=180),
        "rows": (
            Row(1, State.LIMITED, 51, "51", Colour.YELLOW),
            Row(2, State.FULL, 0, "满", Colour.RED),
        ),
        "why": (),
        "changed": True,
    }
    return Guidance(**{**fields, **changes})  # type: ignore[arg-type]  # fields of the test


def retained(url: str, topic: str, count: int = 1) -> list[tuple[str, bytes]]:
    """What somebody hears who comes later."""
    return [(message.topic, message.payload) for message in listen(url, topic, count)]


def listen(url: str, topic: str, count: int) -> list[MQTTMessage]:
    listener = Speaker(url, "listener")
    listener.listen(topic)
    ends = time.monotonic() + (5 if count else 0.5)
    while len(listener.heard) < max(count, 1) and time.monotonic() < ends:
        time.sleep(0.01)
    listener.close()
    return listener.heard


async def test_a_sign_that_comes_back_hears_what_it_should_show(broker: Broker, publisher: Publisher) -> None:
    guidance = a_guidance()
    await MqttSignDriver(publisher.publish, WallClock(), speed=10.0).show(guidance, epoch=4)
    (message,) = await asyncio.to_thread(listen, broker.url, SHOW, 1)
    told = json.loads(message.payload)
    assert (told["sign"], told["epoch"], told["sequence"]) == ("G07", 4, 311)
    assert datetime.fromisoformat(told["until"]) == guidance.until
    assert told["valid_s"] == pytest.approx(18.0, abs=0.5)
    assert told["rows"] == [
        {"line": 1, "state": "limited", "free": 51, "text": "51", "colour": "yellow"},
        {"line": 2, "state": "full", "free": 0, "text": "满", "colour": "red"},
    ]


async def test_mosquitto_forgets_guidance_that_has_ended(tmp_path: Path) -> None:
    needs(BrokerKind.MOSQUITTO)
    async with open_broker(tmp_path / "b", prefer=BrokerKind.MOSQUITTO) as broker, Publisher(broker.url) as publisher:
        await asyncio.wait_for(publisher.connected(), 10)
        until = datetime.now(UTC) + timedelta(seconds=60)
        await MqttSignDriver(publisher.publish, WallClock(), speed=60.0).show(a_guidance(until=until), epoch=1)
        await asyncio.sleep(2.2)
        assert await asyncio.to_thread(retained, broker.url, SHOW, 0) == []


async def test_neutral_is_newer_than_what_it_ends_and_promises_nothing(broker: Broker, publisher: Publisher) -> None:
    driver = MqttSignDriver(publisher.publish, WallClock())
    guidance = a_guidance()
    await driver.show(guidance, epoch=4)
    await driver.neutral(guidance, epoch=4)
    ((_, payload),) = await asyncio.to_thread(retained, broker.url, SHOW)
    told = json.loads(payload)
    assert (told["epoch"], told["sequence"], told["valid_s"]) == (4, 312, 0.0)
    assert told["until"] == told["at"]
    assert {(row["state"], row["free"], row["text"], row["colour"]) for row in told["rows"]} == {
        ("unknown", None, "--", "off")
    }


async def test_guidance_that_has_ended_is_not_sent(publisher: Publisher) -> None:
    late = a_guidance(until=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(SignDown, match="ended"):
        await MqttSignDriver(publisher.publish, WallClock()).show(late, epoch=1)


async def test_alerts_and_cases_stand_until_they_are_cleared(broker: Broker, publisher: Publisher) -> None:
    sink = MqttSink(publisher)
    at = datetime.now(UTC)
    raised = Message("alert:A1", "parking.alert.changed", "alerts/A1", retain=True, body=b'{"id":"A1"}')
    await sink.deliver(Due(1, raised, at, 0))
    assert await asyncio.to_thread(retained, broker.url, "parking/v1/alerts/+") == [
        ("parking/v1/alerts/A1", b'{"id":"A1"}')
    ]
    await sink.deliver(Due(2, Message("alert:A1", "", "alerts/A1", retain=True, body=b""), at, 0))
    assert await asyncio.to_thread(retained, broker.url, "parking/v1/alerts/+", 0) == []
    await sink.deliver(Due(3, Message("k", "t", "", retain=False, body=b"{}"), at, 0))


async def test_topics_without_an_owner_are_cleared_at_the_start(broker: Broker, publisher: Publisher) -> None:
    kept = {"signs/G07/show", "lots/P01/state", "alerts/A2"}
    orphans = {"signs/G99/show", "lots/P99/state", "alerts/A1", "cases/FJ1"}
    for topic in sorted(kept | orphans):
        await publisher.publish(topic, b"{}", retain=True)
    await publisher.publish("devices/gate-1/status", b"{}", retain=True)
    assert set(await publisher.clear_orphans(kept)) == orphans
    left = {topic for topic, _ in await asyncio.to_thread(retained, broker.url, "parking/v1/#", 4)}
    assert left == {f"parking/v1/{topic}" for topic in [*kept, "devices/gate-1/status"]}


async def test_a_broker_that_is_away_is_told_to_whoever_publishes() -> None:
    async with Publisher("mqtt://127.0.0.1:1") as publisher:
        with pytest.raises(BrokerDown, match="not connected"):
            await publisher.publish("lots/P01/state", b"{}", retain=True)
        with pytest.raises(SignDown, match="G07"):
            await MqttSignDriver(publisher.publish, WallClock()).show(a_guidance(), epoch=1)


async def test_the_outbound_connection_comes_back_by_itself(tmp_path: Path) -> None:
    needs(BrokerKind.MOSQUITTO)
    states: list[bool] = []
    async with (
        open_broker(tmp_path / "b", prefer=BrokerKind.MOSQUITTO) as broker,
        Publisher(broker.url, on_state=lambda up, _: states.append(up)) as publisher,
    ):
        await asyncio.wait_for(publisher.connected(), 10)
        (mosquitto,) = [process for process in processes_in(tmp_path / "b") if process.cwd() == str(tmp_path / "b")]
        os.kill(mosquitto.pid, signal.SIGTERM)
        async with asyncio.timeout(15):
            while states != [True, False, True]:
                states[:] = [up for at, up in enumerate(states) if at == 0 or up is not states[at - 1]]
                await asyncio.sleep(0.02)
        await publisher.publish("lots/P01/state", b"{}", retain=True)
    assert states[-1] is False
