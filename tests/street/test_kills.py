"""Whatever is killed in the middle of the stream, every message is in the table once and the engine knows no better.

The service is killed five times, PostgreSQL twice; afterwards the journal is replayed from nothing.
"""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
import pytest

from parking.broker import BrokerKind, open_broker
from parking.codec import digest
from parking.engine import Engine
from parking.postgres.embedded import EmbeddedPostgres
from parking.postgres.open import open_stores
from parking.towns.load import load_town
from tests.street.house import Service, get_json, service
from tests.street.stream import Publisher, expected_taken, numbered

COUNT = 50_000
PER_S = 1_000
"""So the stream lasts as long as the kills."""
DRAIN_S = 60.0
TOLD = 0.5
"""The page is told when a whole number changes; to the hundredth the engine's own estimate is asked, below."""


@pytest.fixture
def broker_url(tmp_path: Path, mosquitto_path: str) -> Iterator[str]:
    """A mosquitto of the test's own, which outlives every kill of the service."""
    del mosquitto_path
    loop = asyncio.new_event_loop()
    context = open_broker(tmp_path / "broker", prefer=BrokerKind.MOSQUITTO)
    broker = loop.run_until_complete(context.__aenter__())
    yield broker.url
    loop.run_until_complete(context.__aexit__(None, None, None))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def test_five_kills_of_the_service_lose_and_double_nothing(tmp_path: Path, broker_url: str) -> None:
    messages = list(numbered(COUNT, datetime.now(UTC) - timedelta(minutes=2)))
    with service(tmp_path / "house", broker_url=broker_url) as house:
        house.start()
        publisher = Publisher(broker_url, messages, PER_S)
        publisher.start()
        for _ in range(5):
            time.sleep(4.0)
            house.kill()
            house.start()
        publisher.join()
        _wait_until_taken(house)
        house.stop()
    _judge(tmp_path / "house")


def test_two_kills_of_postgresql_lose_and_double_nothing(tmp_path: Path, broker_url: str) -> None:
    messages = list(numbered(COUNT, datetime.now(UTC) - timedelta(minutes=2)))
    with service(tmp_path / "house", broker_url=broker_url) as house:
        house.start()
        publisher = Publisher(broker_url, messages, PER_S)
        publisher.start()
        for _ in range(2):
            time.sleep(2.5)
            _kill_postgresql(tmp_path / "house")
        publisher.join()
        _wait_until_taken(house)
        house.stop()
    _judge(tmp_path / "house")


def _kill_postgresql(folder: Path) -> None:
    """Kill the server that runs; one that is still on its way back is waited for."""
    ends = time.monotonic() + DRAIN_S
    while time.monotonic() < ends:
        try:
            pid = int((folder / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, signal.SIGKILL)
        except (OSError, ValueError, IndexError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("PostgreSQL did not come back")


def _wait_until_taken(house: Service) -> None:
    """Until the page tells of the stream's last state; every lot's number is then the one an undisturbed run has."""
    expected, told = expected_taken(COUNT), dict[str, float | None]()
    ends = time.monotonic() + DRAIN_S
    while time.monotonic() < ends:
        told = {lot["id"]: lot["taken"] for lot in get_json(f"{house.url}/api/v1/lots")["items"]}
        known = {lot: taken for lot, taken in told.items() if taken is not None}
        if all(abs(known.get(lot, -1) - taken) < TOLD for lot, taken in expected.items()):
            return
        time.sleep(0.25)
    wrong = {lot: (told.get(lot), taken) for lot, taken in expected.items() if told.get(lot) != taken}
    pytest.fail(f"told and expected differ: {wrong}\n{house.log()[-3000:]}")


def _judge(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        asyncio.run(_look(server.start()))
    finally:
        server.stop()


async def _look(url: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        rows = await conn.fetchrow(
            "SELECT count(*) AS n, count(DISTINCT (device, boot, seq, at)) AS d FROM live.readings WHERE boot = 1"
        )
    finally:
        await conn.close()
    assert (rows["n"], rows["d"]) == (COUNT, COUNT)
    await _replay_journal(url)


async def _replay_journal(url: str) -> None:
    """From nothing: a fresh engine, the input log and the journal give every decision again, to the byte."""
    stores = await open_stores(url, "live")
    try:
        engine, position = Engine(load_town()), 0
        entries = list(await stores.intake.after(0, limit=10 * COUNT))
        marks = await stores.ledger.ticks_after(None)
        assert marks
        for mark in marks:
            while entries and entries[0].position <= mark.position:
                engine.take(entries[0].inputs)
                position = entries.pop(0).position
            assert position == mark.position
            assert digest(engine.decide(mark.at)) == mark.decisions_sha256, f"decides otherwise at {mark.at}"
        picture = engine.picture()
        assert picture is not None
        estimates = {str(state.lot): state.occupancy.taken for state in picture.lots}
        for lot, taken in expected_taken(COUNT).items():
            assert abs(estimates[lot] - taken) < 0.01, f"{lot}: {estimates[lot]} instead of {taken}"
    finally:
        await stores.close()


def test_the_stream_is_what_it_says() -> None:
    begins = datetime(2026, 5, 2, tzinfo=UTC)
    once, again = list(numbered(1000, begins)), list(numbered(1000, begins))
    assert once == again
    assert (
        len({msgspec.json.decode(body)["device"] + str(msgspec.json.decode(body)["seq"]) for _, body in once}) == 1000
    )
