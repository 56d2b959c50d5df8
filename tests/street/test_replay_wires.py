"""A recorded hour through the whole house at sixty times its pace: counts become signs, forecasts, alerts, a case."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from parking.broker import Broker, open_broker
from parking.codec import digest
from parking.engine import Engine
from parking.flow.replay import Report, replay
from parking.postgres.embedded import EmbeddedPostgres
from parking.postgres.open import open_stores
from parking.recorded import read_recording
from tests.edge.wires import Speaker, processes_in
from tests.street.house import END_S, get_json

BEGINS = datetime(2026, 5, 4, 6, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=1)
FALLS_SILENT_AFTER = 4
"""Rows of the third lot; some 25 minutes later its counting system is a case."""
ROWS = 2 * 12 + FALLS_SILENT_AFTER
LASTS_S = 60.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An hour and a bit of three lots, a row each five minutes."""
    rows = ["series_id,city,capacity,timestamp,occupied"]
    for n in range(15):
        at = BEGINS + timedelta(minutes=5 * n)
        lots = range(3 if n < FALLS_SILENT_AFTER else 2)
        rows += [f"dresden/p{i},Dresden,100,{at:%Y-%m-%dT%H:%MZ},{min(100, 40 + 4 * n * (i + 1))}" for i in lots]
    written = tmp_path / "town.csv"
    written.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return written


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that somebody else runs."""
    with asyncio.Runner() as runner:
        context = open_broker(tmp_path / "broker")
        yield runner.run(context.__aenter__())
        runner.run(context.__aexit__(None, None, None))


@contextmanager
def a_replay(file: Path, scratch: Path, *options: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """The replay as a process; its temporary files are in `scratch`."""
    scratch.mkdir()
    scratch.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARKING_")}
    environment |= {"TMPDIR": str(scratch), **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "parking", "replay", str(file), "--wires", "--json", "--to", ENDS.isoformat(), *options],
        env=environment,
        cwd=file.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=END_S)


def the_url(process: "subprocess.Popen[str]") -> str:
    """What the line `ready URL` on standard error says."""
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith("ready http://127.0.0.1:"), line
    return line.split()[1]


def test_a_recorded_hour_goes_the_whole_way_and_leaves_nothing_but_what_was_asked_for(
    tmp_path: Path, file: Path, broker: Broker
) -> None:
    with a_replay(file, tmp_path / "s", "--data", str(tmp_path / "kept"), PARKING_BROKER_URL=broker.url) as process:
        url = the_url(process)
        assert {lot["id"] for lot in get_json(f"{url}/api/v1/lots")["items"]} == {f"dresden.p{n}" for n in range(3)}
        out, errors = process.communicate(timeout=LASTS_S + END_S)
    assert (process.returncode, errors) == (0, "")
    told = json.loads(out)
    assert (told["readings"], told["rows"], told["lots"], told["simulated_s"]) == (ROWS, ROWS, 3, 3600.0)
    assert (told["signs"], told["signs_confirmed"]) == (1, 1)
    bare = without_wires(file)
    assert (told["alerts"], told["cases"]) == (bare.alerts, bare.cases) == (2, 1)
    assert told["sign_changes"] == bare.sign_changes > 2
    assert told["forecast"]["30"]["mae"] is not None
    assert told["forecast"]["60"] == {"mae": None, "same_as_now": None}
    assert list((tmp_path / "s").iterdir()) == []
    assert not processes_in(tmp_path / "s") + processes_in(tmp_path / "kept")
    assert retained_on(broker) == []
    asyncio.run(_judge(tmp_path / "kept", file, told))


def without_wires(file: Path) -> Report:
    """The same hour through the bare engine."""
    recording = read_recording(file)
    return replay(Engine(recording.town), recording.readings(BEGINS, ENDS), begins=BEGINS, ends=ENDS)


def retained_on(broker: Broker) -> list[str]:
    """Topics below which somebody who comes now still hears something."""
    ear = Speaker(broker.url, "late")
    with closing(ear):
        ear.listen("parking/#")
        time.sleep(0.5)
        return sorted(message.topic for message in ear.heard)


async def _judge(kept: Path, file: Path, told: dict[str, Any]) -> None:
    """From nothing: the input log and the journal, without wires, give every decision again."""
    server = EmbeddedPostgres(kept / "postgres", durable=False)
    try:
        stores = await open_stores(await asyncio.to_thread(server.start), told["run"])
        engine, position = Engine(read_recording(file).town), 0
        entries = list(await stores.intake.after(0))
        marks = await stores.ledger.ticks_after(None)
        for mark in marks:
            while entries and entries[0].position <= mark.position:
                engine.take(entries[0].inputs)
                position = entries.pop(0).position
            assert position == mark.position
            assert digest(engine.decide(mark.at)) == mark.decisions_sha256, f"decides otherwise at {mark.at}"
        await stores.close()
    finally:
        await asyncio.to_thread(server.stop)
    within = [mark.decisions_sha256 for mark in marks if BEGINS <= mark.at < ENDS]
    assert len(within) == told["decisions"] > 500
    assert sha256("".join(f"{one}\n" for one in within).encode()).hexdigest() == told["decisions_sha256"]


def test_ctrl_c_ends_it_and_takes_its_schema_and_topics_along(tmp_path: Path, file: Path, broker: Broker) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    try:
        urls = {"PARKING_BROKER_URL": broker.url, "PARKING_DATABASE_URL": server.start()}
        with a_replay(file, tmp_path / "s", **urls) as process:
            the_url(process)
            time.sleep(4.0)
            assert len(asyncio.run(_schemas(urls["PARKING_DATABASE_URL"]))) == 1
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=END_S)
            assert (process.returncode, out, errors) == (0, "", "")
            assert time.monotonic() - begun < END_S
        assert asyncio.run(_schemas(urls["PARKING_DATABASE_URL"])) == []
    finally:
        server.stop()
    assert retained_on(broker) == []
    assert not processes_in(tmp_path / "s")
    assert list((tmp_path / "s").iterdir()) == []


async def _schemas(url: str) -> list[str]:
    conn = await asyncpg.connect(url)
    try:
        rows = await conn.fetch("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replay%'")
    finally:
        await conn.close()
    return [row["nspname"] for row in rows]
