"""A LoRaWAN bay sensor's uplink goes all the way: network server, broker, feed, store, engine, a lot's count."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parking.broker import Broker, BrokerKind, open_broker
from parking.domain.device import Device, DeviceKind, Installation
from parking.domain.ids import LotId
from parking.domain.occupancy import Quality
from parking.engine import Engine
from parking.flow.collect import Collect
from parking.memory.open import memory_stores
from parking.ports import Kept
from sensors.dispatch import Dispatch
from sensors.feed import MqttFeed, topics
from sensors.native import Native
from tests.edge.wires import Speaker, WallClock, needs
from tests.makers import a_device, a_lot, a_town
from tests.makers_wires import PROFILES, a_chirpstack_up, a_things_up

BAYS = ("70b3d52dd1000001", "70b3d52dd1000002", "70b3d52dd1000003", "70b3d52dd1000004")


def a_sensor(nth: int) -> Device:
    """A sensor under bay `nth` of P01."""
    at = Installation("bosch-tps110", address=BAYS[nth], bay=f"{nth}")
    day = timedelta(days=1)
    return a_device(f"bay-{nth}", lots=["P01"], kind=DeviceKind.BAY_GATEWAY, period=day, installed=at)


TOWN = a_town(lots=[a_lot(capacity=4)], devices=tuple(map(a_sensor, range(4))))


@pytest.fixture(params=[BrokerKind.MOSQUITTO, BrokerKind.IOTCORE])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    needs(request.param)
    async with open_broker(tmp_path / "broker", prefer=request.param) as found:
        yield found


def chirp(nth: int, taken: bool, counter: int) -> tuple[str, bytes]:
    """Topic and payload of ChirpStack."""
    said = a_chirpstack_up(
        bytes([taken]), deviceInfo={"devEui": BAYS[nth]}, fCnt=counter or None, time=datetime.now(UTC).isoformat()
    )
    return f"application/4/device/{BAYS[nth]}/event/up", said


def thing(nth: int, taken: bool, counter: int) -> tuple[str, bytes]:
    """The same from The Things Stack."""
    ids = {"device_id": f"bay-{nth}", "dev_eui": BAYS[nth]}
    return f"v3/town@county/devices/bay-{nth}/up", a_things_up(
        bytes([taken]), ids=ids, f_cnt=counter or None, received_at=datetime.now(UTC).isoformat()
    )


def say(url: str, *messages: tuple[str, bytes]) -> None:
    speaker = Speaker(url, "network-server")
    for topic, payload in messages:
        speaker.say([payload], topic)
    speaker.close()


async def test_bay_sensors_of_two_network_servers_fill_a_lot(broker: Broker) -> None:
    stores, kept = memory_stores(), asyncio.Queue[Kept]()
    native = Native("parking/v1", TOWN.devices, [])
    dispatch = Dispatch(native, "parking/v1", TOWN.devices, PROFILES)
    up = asyncio.Event()
    feed = MqttFeed(broker.url, dispatch, WallClock(), on_state=lambda is_up, _: is_up and up.set())
    collect = Collect(feed, stores.intake, kept.put_nowait)
    engine = Engine(TOWN)
    unknown = ("application/4/device/0000000000000009/event/up", a_chirpstack_up(deviceInfo={"devEui": "0" * 15 + "9"}))
    again = chirp(0, True, 0)
    said = (again, again, chirp(1, False, 1), thing(2, True, 1), thing(3, False, 1), thing(3, True, 2), unknown)
    async with feed:
        running = asyncio.create_task(collect.run())
        await asyncio.wait_for(up.wait(), 10)
        await asyncio.to_thread(say, broker.url, *said)
        async with asyncio.timeout(15):
            while collect.counts.messages < len(said):
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
    while not kept.empty():
        engine.take(kept.get_nowait().inputs)
    (lot,) = engine.decide(datetime.now(UTC) + timedelta(seconds=1)).lots
    assert lot.occupancy.taken == pytest.approx(3)
    assert lot.occupancy.quality is Quality.LIVE
    assert (collect.counts.readings, collect.counts.new, collect.counts.doubts) == (6, 5, 1)


def test_the_feed_asks_for_other_topics_only_where_somebody_speaks_there() -> None:
    own = ("parking/v1/devices/+/reading", "parking/v1/devices/+/status", "parking/v1/signs/+/shown")
    assert topics("parking/v1") == own
    assert topics("parking/v1", others=("frigate/p01/car",)) == (*own, "frigate/p01/car")
    shared = topics("parking/v1", "g", ("frigate/p01/car",))
    assert shared == tuple(f"$share/g/{topic}" for topic in (*own, "frigate/p01/car"))
    assert Dispatch(Native("r", [], []), "r", [a_device(lots=[LotId("P01")])], PROFILES).subscriptions == ()
