"""Whole states of the engine, and serial numbers of cases, in PostgreSQL."""

from datetime import date, datetime
from typing import Final

import asyncpg

from parking.domain.tick import Snapshot
from parking.postgres.queries import queries
from parking.postgres.trouble import told

SQL: Final = queries("snapshots")


class PgSnapshots:
    """`Snapshots` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def save(self, snapshot: Snapshot) -> None:
        """As `Snapshots.save`."""
        with told("saving a snapshot"):
            await self._pool.execute(SQL["save"], snapshot.at, snapshot.position, snapshot.state)

    async def newest(self, at: datetime | None = None) -> Snapshot | None:
        """As `Snapshots.newest`."""
        with told("reading a snapshot"):
            row = await self._pool.fetchrow(SQL["newest"], at)
        return None if row is None else Snapshot(row["at"], row["position"], row["state"])


class PgCaseSerials:
    """`CaseSerials` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def reserve(self, day: date) -> int:
        """As `CaseSerials.reserve`."""
        with told("reserving a case number"):
            return int(await self._pool.fetchval(SQL["reserve"], day))
