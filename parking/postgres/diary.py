"""What was run on this schema, and what people changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from parking.diary import Audited, RunStart, list_audited_in
from parking.domain.inputs import Input
from parking.postgres.queries import queries
from parking.postgres.trouble import told

SQL: Final = queries("diary")

BY_WHOEVER_MAY: Final = ""
"""Role of an actor in a version that knows names only."""


class PgDiary:
    """`Diary` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self, start: RunStart) -> None:
        """As `Diary.begin`."""
        with told("writing the start of a run"):
            await self._pool.execute(
                SQL["begin"], _id(start), start.kind, start.program, start.street_t0, start.speed, start.started_at,
                start.settings,
            )  # fmt: skip

    async def end(self, start: RunStart, at: datetime) -> None:
        """As `Diary.end`."""
        with told("writing the end of a run"):
            await self._pool.execute(SQL["end"], _id(start), at)

    async def list_runs(self, limit: int = 100) -> Sequence[tuple[RunStart, datetime | None]]:
        """As `Diary.list_runs`."""
        with told("reading runs"):
            rows = await self._pool.fetch(SQL["list_runs"], limit)
        return [(_start(row), row["ended_at"]) for row in rows]

    async def list_audited(self, limit: int = 100) -> Sequence[Audited]:
        """As `Diary.list_audited`."""
        with told("reading the audit"):
            rows = await self._pool.fetch(SQL["list_audited"], limit)
        return [Audited(row["at"], row["actor"], row["action"], row["subject"], bytes(row["detail"])) for row in rows]


async def write_audit(conn: asyncpg.Connection, others: Sequence[Input]) -> None:
    """Commands among these inputs, in the transaction that keeps them."""
    rows = [(one.at, one.actor, BY_WHOEVER_MAY, one.action, one.subject, one.detail) for one in list_audited_in(others)]
    if rows:
        await conn.executemany(SQL["audit"], rows)


def _id(start: RunStart) -> str:
    return f"{start.run} {start.started_at.isoformat()}"


def _start(row: asyncpg.Record) -> RunStart:
    run = str(row["id"]).split(" ", 1)[0]
    return RunStart(
        run, row["kind"], row["program"], row["street_t0"], row["speed"], row["started_at"], bytes(row["settings"])
    )
