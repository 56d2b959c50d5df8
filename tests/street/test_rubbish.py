"""Ten thousand messages nobody can understand among ten thousand good ones: nothing good lost, nothing bad hidden."""

import asyncio
import hashlib
import itertools
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import psutil

from parking.broker import open_broker
from parking.postgres.embedded import EmbeddedPostgres
from tests.street.house import Service, get_json, service
from tests.street.stream import ROOT, Publisher, gates, numbered

COUNT = 10_000
HUGE = 3
"""Messages of 10 MB."""
KEPT_BYTES = 65_536
MEMORY_MB = 600
DRAIN_S = 90.0


def rubbish(count: int, begins: datetime) -> Iterator[tuple[str, bytes]]:
    """Every way to be wrong, in turn, each a little different from the last."""
    chance = random.Random(7)  # noqa: S311 -- a test's seeded variety
    gate, lot, _ = gates()[0]
    other_lot = gates()[1][1]
    topic = f"{ROOT}/devices/{gate}/reading"
    good = {"kind": "gate", "device": gate, "boot": 9, "seq": 1, "lot": lot, "entered": 1, "left": 0}
    at = begins.astimezone(UTC).isoformat()

    def wrong(**fields: object) -> bytes:
        return json.dumps(good | {"at": at} | fields).encode()

    kinds = itertools.cycle(
        (
            lambda n: (topic, b"\xff\xfe" + bytes([n % 256]) + wrong()),
            lambda n: (topic, wrong(entered=f"{n}")),
            lambda n: (topic, wrong(seq=n + 0.5)),
            lambda n: (topic, wrong(left=-n - 1)),
            lambda n: (f"{ROOT}/devices/stranger-{n}/reading", wrong(device=f"stranger-{n}")),
            lambda n: (topic, wrong(lot=other_lot, seq=n)),
            lambda n: (topic, wrong(at="1970-01-01T00:00:00Z", seq=n)),
            lambda n: (topic, wrong(at="2100-01-01T00:00:00Z", seq=n)),
            lambda n: (topic, wrong(seq=n).replace(b'"entered": 1', b'"entered": NaN')),
            lambda n: (topic, b"[" * (2_000 + n)),
            lambda n: (topic, b'{"kind":' * 500 + bytes(str(n), "ascii")),
            lambda n: (topic, wrong(kind=f"kind-{n}")),
            lambda n: (topic, chance.randbytes(1 + n % 300)),
            lambda n: (topic, b""),
        )
    )
    for n in range(count):
        if n % (count // HUGE) == count // HUGE - 1:
            yield topic, wrong(lot="x" * 10_000_000)
        else:
            yield next(kinds)(n)


def test_ten_thousand_bad_messages_cost_no_good_one(tmp_path: Path) -> None:
    begins = datetime.now(UTC) - timedelta(minutes=2)
    good, bad = list(numbered(COUNT, begins)), list(rubbish(COUNT, begins))
    mixed = [message for pair in zip(good, bad, strict=True) for message in pair]
    with asyncio.Runner() as runner, service(tmp_path / "house") as house:
        context = open_broker(tmp_path / "broker")
        broker = runner.run(context.__aenter__())
        try:
            house.settings["PARKING_BROKER_URL"] = broker.url
            house.start()
            publisher = Publisher(broker.url, mixed, per_s=2_000)
            publisher.start()
            publisher.join()
            _wait_until_kept(house, tmp_path)
            assert get_json(f"{house.url}/health/ready")["ready"]
            assert house.process is not None
            assert psutil.Process(house.process.pid).memory_info().rss < MEMORY_MB * 1_000_000
            house.stop()
        finally:
            runner.run(context.__aexit__(None, None, None))
    _judge(tmp_path / "house", bad)


def _wait_until_kept(house: Service, folder: Path) -> None:
    """Until the count of good and bad in the store stands; the store says it, not the service."""
    ends = time.monotonic() + DRAIN_S
    counts = (0, 0)
    while counts != (COUNT, COUNT):
        assert time.monotonic() < ends, f"kept {counts}\n{house.log()[-2000:]}"
        time.sleep(0.5)
        counts = asyncio.run(_counts(folder / "house"))


async def _counts(folder: Path) -> tuple[int, int]:
    conn = await asyncpg.connect(_url(folder))
    try:
        good = await conn.fetchval("SELECT count(DISTINCT (device, seq)) FROM live.readings WHERE boot = 1")
        return int(good), int(await conn.fetchval("SELECT count(*) FROM live.dead_letter"))
    finally:
        await conn.close()


def _url(folder: Path) -> str:
    return f"postgresql://parking@/postgres?host={folder / 'postgres' / 'data'}"


def _judge(folder: Path, bad: list[tuple[str, bytes]]) -> None:
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        asyncio.run(_look(server.start(), bad))
    finally:
        server.stop()


async def _look(url: str, bad: list[tuple[str, bytes]]) -> None:
    conn = await asyncpg.connect(url)
    try:
        rows = await conn.fetch("SELECT topic, cause, length, sha256, head FROM live.dead_letter")
    finally:
        await conn.close()
    kept = sorted((row["topic"], row["length"], bytes(row["sha256"]), bytes(row["head"])) for row in rows)
    sent = sorted((topic, len(body), hashlib.sha256(body).digest(), body[:KEPT_BYTES]) for topic, body in bad)
    assert kept == sent
    causes = {row["cause"] for row in rows}
    assert causes >= {"utf8", "field", "device_unknown", "lot_foreign", "clock", "json", "too_long", "kind"}
