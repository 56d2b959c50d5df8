"""Migrations: each once, in order, never edited; and the command that runs them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
from typer.testing import CliRunner

from parking.cli_db import app
from parking.domain.errors import BadSchema
from parking.ports import Stores
from parking.postgres.migrate import Migration, migrate, plan, shipped
from parking.postgres.open import open_stores
from parking.postgres.verify import find_faults
from tests.edge.stored import gates

FIRST = Migration(1, "0001_first", "CREATE TABLE first (n int)")
SECOND = Migration(2, "0002_second", "CREATE TABLE second (n int)")
BROKEN = Migration(2, "0002_broken", "CREATE TABLE second (n int); CREATE TABLE first (n int)")


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Whoever may change the database."""
    opened = await asyncpg.connect(database_url)
    yield opened
    await opened.close()


async def tables(conn: asyncpg.Connection, schema: str) -> list[str]:
    rows = await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
    return [row["tablename"] for row in rows]


async def test_a_plan_tells_what_would_run_and_changes_nothing(conn: asyncpg.Connection, schema: str) -> None:
    assert await plan(conn, schema, [FIRST, SECOND]) == (FIRST, SECOND)
    assert await tables(conn, schema) == []
    await migrate(conn, schema, [FIRST])
    assert await plan(conn, schema, [FIRST, SECOND]) == (SECOND,)


async def test_each_migration_runs_once(conn: asyncpg.Connection, schema: str) -> None:
    assert await migrate(conn, schema, [FIRST]) == (FIRST,)
    assert await migrate(conn, schema, [FIRST, SECOND]) == (SECOND,)
    assert await migrate(conn, schema, [FIRST, SECOND]) == ()
    assert await tables(conn, schema) == ["first", "migration", "second"]


async def test_a_file_that_was_edited_after_it_ran_is_refused(conn: asyncpg.Connection, schema: str) -> None:
    await migrate(conn, schema, [FIRST])
    edited = replace(FIRST, sql="CREATE TABLE first (n bigint)")
    for act in (plan, migrate):
        with pytest.raises(BadSchema, match=r"0001_first was edited.*restore the file"):
            await act(conn, schema, [edited, SECOND])
    assert await tables(conn, schema) == ["first", "migration"]


async def test_an_older_program_leaves_a_newer_database_alone(conn: asyncpg.Connection, schema: str) -> None:
    await migrate(conn, schema, [FIRST, SECOND])
    with pytest.raises(BadSchema, match="newer program"):
        await migrate(conn, schema, [FIRST])


async def test_a_migration_that_fails_leaves_nothing_of_itself(conn: asyncpg.Connection, schema: str) -> None:
    with pytest.raises(asyncpg.DuplicateTableError):
        await migrate(conn, schema, [FIRST, BROKEN])
    assert await tables(conn, schema) == ["first", "migration"]
    assert await migrate(conn, schema, [FIRST, SECOND]) == (SECOND,)


async def test_of_two_at_once_one_runs_and_the_other_finds_it_done(database_url: str, schema: str) -> None:
    async def once() -> int:
        conn = await asyncpg.connect(database_url)
        try:
            return len(await migrate(conn, schema))
        finally:
            await conn.close()

    assert sorted(await asyncio.gather(*(once() for _ in range(4)))) == [0, 0, 0, len(shipped())]


@pytest.mark.parametrize("name", ["", "Live", "a b", 'a"; DROP SCHEMA public; --', "1st", "ä", "x" * 64])
async def test_a_schema_is_named_plainly(conn: asyncpg.Connection, name: str) -> None:
    with pytest.raises(BadSchema, match="schema name"):
        await migrate(conn, name, [FIRST])


class OldServer:
    """A connection to a server of years ago."""

    def get_server_version(self) -> asyncpg.ServerVersion:
        return asyncpg.ServerVersion(14, 9, 0, "final", 0)


async def test_a_server_that_is_too_old_is_refused_in_a_clear_sentence(schema: str) -> None:
    with pytest.raises(BadSchema, match=r"PostgreSQL 14\.9; 15 or newer is needed"):
        await migrate(OldServer(), schema)


async def test_who_may_not_migrate_is_told_what_is_missing(database_url: str, schema: str) -> None:
    with pytest.raises(BadSchema, match="parking db migrate"):
        await open_stores(database_url, schema, migrate=False)


async def test_shipped_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.number for migration in shipped()] == list(range(1, len(shipped()) + 1))
    assert all("now()" not in migration.sql.lower() for migration in shipped())


def test_the_command_plans_migrates_and_verifies(database_url: str, schema: str) -> None:
    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [*words, "--database-url", database_url, "--schema", schema])
        return result.exit_code, result.output

    assert run("plan") == (0, "".join(f"{migration.name}\n" for migration in shipped()))
    code, told = run("verify")
    assert (code, "0001" in told) == (1, True)
    assert run("migrate")[0] == 0
    code, told = run("plan", "--json")
    assert (code, json.loads(told)) == (0, {"schema": schema, "missing": []})
    assert run("verify")[0] == 0


async def test_verifying_names_every_fault(conn: asyncpg.Connection, stores: Stores, schema: str) -> None:
    for seq in range(3):
        await stores.intake.keep(gates(2 * seq, 2 * seq + 1))
    assert await find_faults(conn, schema) == ()
    await conn.execute("DELETE FROM intake WHERE position = 2")
    await conn.execute("DELETE FROM readings WHERE seq = 5")
    gap, incomplete = await find_faults(conn, schema)
    assert "gap before position 3" in gap
    assert "entry 3 of the input log should have 2 readings, 1 are there" in incomplete
