"""How fast the service takes in: received, committed and acknowledged through mosquitto, beside receiving alone.

Load, broker, database and service share the machine; the limit is measured between the rounds it is compared with.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg

from bench.rawmqtt import ROOT, connect, device
from parking.broker import BrokerKind, find_mosquitto, open_broker
from parking.domain.device import Device, DeviceKind
from parking.domain.errors import BrokerDown
from parking.domain.ids import DeviceId, LotId
from parking.domain.reading import GateReading
from parking.flow.collect import Collect
from parking.ports import Kept
from parking.postgres.embedded import embedded
from parking.postgres.open import Stores, open_stores
from parking.streetclock import StreetClock, real_time
from sensors.feed import MqttFeed
from sensors.native import Native

HERE = Path(__file__).resolve().parent.parent
DEVICES = 500
ROUNDS = 3
SINGLE = 60_000
"""Messages of one reading in a round: some seconds."""
ARRAYS, EACH = 3_000, 50
"""Messages of fifty readings in the last round."""
SCHEMA = "bench"
CLIENT = "bench-collect"


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement."""

    messages: int
    readings: int
    wall_s: float
    cpu_s: float


class Told:
    """What was handed on, number by number: the engine's place in this bench."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.last_at = 0.0
        self._wanted = 0
        self._enough = asyncio.Event()

    async def until(self, wanted: int) -> None:
        """Return when so many numbers were handed on; what has not come after two minutes is lost."""
        self._wanted = wanted
        self._enough.clear()
        self.offer(Kept(0, ()))
        with suppress(TimeoutError):
            async with asyncio.timeout(120):
                await self._enough.wait()

    def offer(self, kept: Kept) -> None:
        """One more committed entry."""
        self.numbers.extend(one.seq for one in kept.inputs if isinstance(one, GateReading))
        self.last_at = time.perf_counter()
        if len(self.numbers) >= self._wanted:
            self._enough.set()


def run(*, quiet: bool = False, single: int = SINGLE, arrays: int = ARRAYS, rounds: int = ROUNDS) -> dict[str, Any]:
    """The whole benchmark; needs an installed mosquitto. Progress goes to standard error unless quiet."""
    if find_mosquitto() is None:
        raise BrokerDown("this benchmark needs mosquitto: install it from your system's packages")
    tell = (lambda line: None) if quiet else (lambda line: print(line, file=sys.stderr, flush=True))
    return asyncio.run(_run(single, arrays, rounds, tell))


async def _run(single: int, arrays: int, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="parking-bench-") as name:
        folder = Path(name)
        async with (
            embedded(folder / "postgres", durable=True) as url,
            open_broker(folder / "broker", prefer=BrokerKind.MOSQUITTO) as broker,
        ):
            stores = await open_stores(url, SCHEMA)
            try:
                return await _measure(stores, url, broker.url, single, arrays, rounds, tell)
            finally:
                await stores.close()


async def _measure(
    stores: Stores, database: str, broker: str, single: int, arrays: int, rounds: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    port = int(broker.rpartition(":")[2])
    told = Told()
    limits, wholes = [], []
    for n in range(rounds):
        limits.append(single / await asyncio.to_thread(_limit, port, single))
        wholes.append(await _whole(stores, broker, told, first=n * single, messages=single, each=1))
        tell(f"round {n + 1}: limit {limits[-1]:,.0f}, whole way {single / wholes[-1].wall_s:,.0f} messages/s")
    batch = await _whole(stores, broker, told, first=rounds * single, messages=arrays, each=EACH)
    tell(f"arrays of {EACH}: {batch.readings / batch.wall_s:,.0f} readings/s")
    rows, distinct = await _count(database)
    said = rounds * single + arrays * EACH
    limit, whole = median(limits), median(one.messages / one.wall_s for one in wholes)
    return {
        "single": {
            "messages_per_s": round(whole),
            "limit_messages_per_s": round(limit),
            "ratio": round(whole / limit, 3),
            "cpu_us_per_message": round(median(one.cpu_s / one.messages for one in wholes) * 1e6, 1),
        },
        "batch": {"readings_per_s": round(batch.readings / batch.wall_s)},
        "lost": said - min(distinct, len(set(told.numbers))),
        "doubled": rows - distinct + len(told.numbers) - len(set(told.numbers)),
    }


async def _whole(stores: Stores, broker: str, told: Told, *, first: int, messages: int, each: int) -> Round:
    """The way of production: feed, decoding, COPY, commit, PUBACK, hand-over."""
    up = asyncio.Event()
    devices = [
        Device(DeviceId(device(n)), DeviceKind.GATE, timedelta(seconds=30), frozenset({LotId(f"L{n:04d}")}))
        for n in range(DEVICES)
    ]
    native = Native(ROOT, devices, [])
    feed = MqttFeed(
        broker,
        native,
        StreetClock(real_time()),
        root=ROOT,
        client_id=CLIENT,
        on_state=lambda is_up, _: up.set() if is_up else None,
    )
    wanted = len(told.numbers) + messages * each
    async with feed:
        task = asyncio.create_task(Collect(feed, stores.intake, told.offer).run())
        await asyncio.wait_for(up.wait(), 20)
        load = await asyncio.to_thread(_load, int(broker.rpartition(":")[2]), first, messages, each)
        began, cpu = time.perf_counter(), time.process_time()
        _go(load)
        await told.until(wanted)
        cpu_s = time.process_time() - cpu
        await asyncio.to_thread(load.wait)
        await asyncio.sleep(0.2)  # resends, if there were any, come now and count as doubled
        task.cancel()
        await asyncio.wait([task])
    _close(load)
    connect(int(broker.rpartition(":")[2]), CLIENT, clean=True).close()  # the broker forgets the session
    return Round(messages, messages * each, told.last_at - began, cpu_s)


def _limit(port: int, messages: int) -> float:
    """Seconds in which the fastest receiver we know receives and acknowledges as many, and does nothing else."""
    ear = _start("hear", port, messages)
    load = _load(port, 0, messages, 1)
    began = time.perf_counter()
    _go(load)
    _line(ear)
    wall_s = time.perf_counter() - began
    for process in (load, ear):
        process.wait()
        _close(process)
    return wall_s


def _load(port: int, first: int, messages: int, each: int) -> "subprocess.Popen[str]":
    return _start("say", port, first, messages, each, DEVICES)


def _start(*args: object) -> "subprocess.Popen[str]":
    """A process of the load, when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.rawmqtt", *map(str, args)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE,
    )
    _line(process)
    return process


def _line(process: "subprocess.Popen[str]") -> str:
    return process.stdout.readline() if process.stdout else ""


def _go(process: "subprocess.Popen[str]") -> None:
    if process.stdin:
        process.stdin.write("go\n")
        process.stdin.flush()


def _close(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


async def _count(url: str) -> tuple[int, int]:
    """Rows of readings, and distinct numbers among them."""
    conn = await asyncpg.connect(url)
    try:
        row = await conn.fetchrow(f"SELECT count(*), count(DISTINCT seq) FROM {SCHEMA}.readings")  # noqa: S608 -- ours
        return int(row[0]), int(row[1])
    finally:
        await conn.close()


if __name__ == "__main__":
    print(run())
