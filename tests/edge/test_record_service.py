"""What a service keeps becomes a recording: the same decisions, and nothing of the service's is touched."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from parking.cli import app
from parking.domain.errors import BadRecording
from parking.domain.settings import Settings, SignSettings
from parking.postgres.open import open_stores
from parking.postgres.runs import list_runs
from parking.recording.nouns import Source
from parking.recording.player import Player
from parking.recording.run import RecordedRun, is_recording
from parking.recording.service import record_service
from tests.street.lab import Lab

MINUTES = 12
READ_ONLY = "default_transaction_read_only=on"


@pytest.fixture
async def lab(database_url: str, schema: str) -> AsyncIterator[Lab]:
    """A service that has run for some minutes on PostgreSQL, and was given other thresholds on the way."""
    stores = await open_stores(database_url, schema)
    house = Lab("demo", stores=stores)
    await house.run(MINUTES / 2)
    await house.decide.set_thresholds(Settings(version=2, signs=SignSettings(renew_s=45.0)), stores.intake)
    await house.run(MINUTES / 2)
    yield house
    await stores.close()


def identical_ticks(file: Path) -> int:
    """Ticks of the recording, all of them decided as the first time."""
    player, count = Player(RecordedRun(file)), 0
    while (turned := player.step()) is not None:
        assert turned.is_identical, turned.line.at
        count += 1
    return count


async def test_the_whole_run_is_recorded_and_replays_as_the_journal_has_it(
    lab: Lab, database_url: str, schema: str, tmp_path: Path
) -> None:
    stores = await open_stores(f"{database_url}&{READ_ONLY}", schema, migrate=False)
    found = await record_service(stores, lab.town, schema, None, None, tmp_path / "live.rec")
    await stores.close()
    marks = await lab.stores.ledger.ticks_after(None)
    assert (found.ticks, found.different) == (len(marks), 0) == (MINUTES * 12, 0)
    run = RecordedRun(tmp_path / "live.rec")
    assert (run.header.origin.source, run.header.origin.name) == (Source.SERVICE, schema)
    assert [(line.at, line.sha256) for line in run.lines()] == [(mark.at, mark.decisions_sha256) for mark in marks]
    assert identical_ticks(tmp_path / "live.rec") == MINUTES * 12


async def test_a_stretch_begins_from_the_snapshot_before_it(lab: Lab, schema: str, tmp_path: Path) -> None:
    begins = lab.clock.at - timedelta(minutes=4)
    ends = begins + timedelta(minutes=2)
    found = await record_service(lab.stores, lab.town, schema, begins, ends, tmp_path / "live.rec")
    assert (found.begins, found.ends) == (begins, ends - timedelta(seconds=5))
    run = RecordedRun(tmp_path / "live.rec")
    assert run.snapshot_before(run.begins) is not None
    assert run.header.settings.version == 2
    assert identical_ticks(tmp_path / "live.rec") == 24


async def test_recording_changes_no_row_of_the_service(
    lab: Lab, database_url: str, schema: str, tmp_path: Path
) -> None:
    before = await rows(database_url, schema)
    await record_service(lab.stores, lab.town, schema, None, None, tmp_path / "live.rec")
    assert await rows(database_url, schema) == before
    await lab.run(1)
    assert (await lab.stores.ledger.ticks_after(None))[-1].at == lab.clock.at


async def rows(url: str, schema: str) -> dict[str, int]:
    """Rows of each table."""
    conn = await asyncpg.connect(url)
    try:
        names = await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", schema)
        counts = {row["tablename"]: f'SELECT count(*) FROM {schema}."{row["tablename"]}"' for row in names}  # noqa: S608 -- our own names
        return {table: await conn.fetchval(query) for table, query in counts.items()}
    finally:
        await conn.close()


async def test_a_journal_that_this_program_decides_otherwise_is_recorded_as_it_was(
    lab: Lab, database_url: str, schema: str, tmp_path: Path
) -> None:
    conn = await asyncpg.connect(database_url)
    at = lab.clock.at - timedelta(minutes=1)
    await conn.execute(f"UPDATE {schema}.journal SET decisions_sha256 = repeat('0', 64) WHERE at = $1", at)  # noqa: S608 -- our own name
    await conn.close()
    found = await record_service(lab.stores, lab.town, schema, None, None, tmp_path / "live.rec")
    assert (found.different, found.first_different_at) == (1, at)
    player = Player(RecordedRun(tmp_path / "live.rec"))
    player.seek(at - timedelta(seconds=1))
    turned = player.step()
    assert turned is not None
    assert not turned.is_identical


async def test_a_time_without_ticks_is_refused_with_the_time_there_is(lab: Lab, schema: str, tmp_path: Path) -> None:
    begins = lab.clock.at + timedelta(days=1)
    with pytest.raises(BadRecording, match="its journal holds 2026-05-02"):
        await record_service(lab.stores, lab.town, schema, begins, None, tmp_path / "live.rec")
    assert not is_recording(tmp_path / "live.rec")


def test_the_command_records_from_the_services_database(lab_schema: tuple[str, str], tmp_path: Path) -> None:
    url, schema = lab_schema
    file = tmp_path / "live.rec"
    words = ["record", str(file), "--database-url", url, "--schema", schema, "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    assert (found["identical"], found["ticks"]) == (True, 24)
    strange = CliRunner().invoke(app, ["record", str(file), "--database-url", url, "--schema", "nobody"])
    assert schema in str(strange.exception)
    nowhere = CliRunner().invoke(app, ["record", str(file), "--data", str(tmp_path)])
    assert "no service has kept anything there" in str(nowhere.exception)


@pytest.fixture
def lab_schema(database_url: str, schema: str) -> tuple[str, str]:
    """Two minutes of a service, kept by a program that has ended."""

    async def keep() -> list[str]:
        stores = await open_stores(database_url, schema)
        await Lab("demo", stores=stores).run(2)
        await stores.close()
        return await list_runs(database_url)

    assert schema in asyncio.run(keep())
    return database_url, schema
