"""All stores of one run, on any PostgreSQL from version 15: the embedded one or one named by URL."""

import asyncio
from datetime import date
from typing import Final

import asyncpg

from parking.domain.errors import BadSchema
from parking.ports import Stores
from parking.postgres import migrate as migrations
from parking.postgres.cases import PgCases
from parking.postgres.confirmations import PgConfirmations
from parking.postgres.diary import PgDiary
from parking.postgres.histories import PgHistories
from parking.postgres.intake import PgIntake
from parking.postgres.ledger import PgLedger
from parking.postgres.outbox import PgOutbox
from parking.postgres.ownership import PgOwnership
from parking.postgres.partitions import Partitions
from parking.postgres.pasts import PgPasts
from parking.postgres.pool import connect, open_pool
from parking.postgres.snapshots import PgCaseSerials, PgSnapshots
from parking.postgres.tallies import PgTallies
from parking.postgres.trouble import told

__all__ = ["Stores", "open_stores"]

PING_S: Final = 2.0
CLOSE_S: Final = 3.0


async def open_stores(url: str, schema: str, *, migrate: bool = True, today: date | None = None) -> Stores:
    """Connect, bring the schema up to this program, and give every store.

    Args:
        url: a PostgreSQL of version 15 or newer.
        schema: of this run alone; made if absent.
        migrate: False refuses a schema that is behind instead of changing it.
        today: street date; partitions are made from it on. None leaves them to the writer.

    Raises:
        StoreDown: the server does not answer, or does not let us in.
        BadSchema: it is too old, or the schema does not fit this program.
    """
    await _bring_up(url, schema, change=migrate)
    pool = await open_pool(url, schema)
    partitions = Partitions(pool)
    if today is not None:
        await partitions.make_ahead(today)
    cases = PgCases(pool)
    return Stores(
        intake=PgIntake(pool, partitions),
        ledger=PgLedger(pool),
        snapshots=PgSnapshots(pool),
        serials=PgCaseSerials(pool),
        outbox=PgOutbox(pool),
        histories=PgHistories(pool),
        cases=cases,
        steps=cases,
        ownership=PgOwnership(url, schema),
        confirmations=PgConfirmations(pool),
        retention=partitions,
        tallies=PgTallies(pool),
        diary=PgDiary(pool),
        pasts=PgPasts(pool),
        ping=lambda: _ping(pool),
        close=lambda: _close(pool),
    )


async def _bring_up(url: str, schema: str, *, change: bool) -> None:
    conn = await connect(url)
    try:
        with told(f"preparing schema {schema}"):
            if change:
                await migrations.migrate(conn, schema)
            elif behind := await migrations.plan(conn, schema):
                raise BadSchema(f"schema {schema} lacks {len(behind)} migrations: run `parking db migrate`")
    finally:
        await conn.close(timeout=CLOSE_S)


async def _ping(pool: asyncpg.Pool) -> None:
    with told("asking the database"):
        async with asyncio.timeout(PING_S):
            await pool.fetchval("SELECT 1")


async def _close(pool: asyncpg.Pool) -> None:
    """Politely for a moment; a server that has gone is not waited for."""
    try:
        async with asyncio.timeout(CLOSE_S):
            await pool.close()
    except TimeoutError:
        pool.terminate()
