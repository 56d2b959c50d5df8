"""The input log in PostgreSQL: COPY when all is new, one careful statement when something is not."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any, Final

import asyncpg

from parking.codec import decode_inputs, encode_inputs
from parking.domain.guidance import Shown
from parking.domain.inputs import Input
from parking.domain.reading import Doubt, Reading
from parking.ports import Kept
from parking.postgres.confirmations import keep_shown
from parking.postgres.diary import write_audit
from parking.postgres.partitions import Partitions
from parking.postgres.queries import queries
from parking.postgres.rows import COLUMNS, Row, from_row, to_row
from parking.postgres.transaction import transaction
from parking.postgres.trouble import told

SQL: Final = queries("intake")
HEAD_BYTES: Final = 65_536
"""As much of a message that nobody understands is kept."""
ATTEMPTS: Final = 5
"""Two writers of the same resent rows may meet; one of them steps back and finds them there."""
BATCHES: Final = 64
"""Batch numbers taken at a time (the step of their sequence): a trip to the database fewer with each batch."""
ENTRIES: Final = 10_000
"""Entries looked through at most for one answer of `after`."""

AGAIN: Final = (asyncpg.UniqueViolationError, asyncpg.CheckViolationError, asyncpg.DeadlockDetectedError)
"""A row that was there; a partition that another process dropped; two writers of the same rows."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Readings on their way into the table."""

    number: int
    readings: Sequence[Reading]
    rows: list[Row]


class PgIntake:
    """`Intake` on a pool."""

    def __init__(self, pool: asyncpg.Pool, partitions: Partitions) -> None:
        self._pool = pool
        self._partitions = partitions
        self._numbers = iter(range(0))
        self._numbering = asyncio.Lock()

    async def keep(
        self, readings: Sequence[Reading] = (), others: Sequence[Input] = (), doubts: Sequence[Doubt] = ()
    ) -> Kept | None:
        """As `Intake.keep`."""
        with told("keeping what came in"):
            number = await self._next_number()
            batch = _Batch(number, readings, [to_row(reading, number, n) for n, reading in enumerate(readings)])
            await self._make_days(batch)
            for attempt in count():
                try:
                    return await self._try(batch, others, doubts, carefully=attempt > 0)
                except AGAIN as trouble:
                    if attempt + 1 == ATTEMPTS:
                        raise
                    if isinstance(trouble, asyncpg.CheckViolationError):
                        self._partitions.forget()
                        await self._make_days(batch)
        raise AssertionError("count() never ends")

    async def after(self, position: int, limit: int = 10_000) -> Sequence[Kept]:
        """As `Intake.after`."""
        with told("reading the input log"):
            async with self._pool.acquire() as conn:
                entries = await conn.fetch(SQL["after"], position, limit, ENTRIES)
                readings = await self._readings(conn, entries)
        return [
            Kept(entry["position"], (*readings.get(entry["batch"], ()), *decode_inputs(entry["inputs"] or b"[]")))
            for entry in entries
        ]

    async def _try(
        self, batch: _Batch, others: Sequence[Input], doubts: Sequence[Doubt], *, carefully: bool
    ) -> Kept | None:
        async with transaction(self._pool) as conn:
            if doubts:
                await conn.executemany(SQL["add_dead_letter"], [_dead_letter(doubt) for doubt in doubts])
            new = await (self._insert if carefully else self._copy)(conn, batch)
            told_new = await self._others(conn, others)
            await write_audit(conn, told_new)
            if not new and not told_new:
                return None
            position = await append(conn, new, told_new, batch.number)
            return Kept(position, (*new, *told_new))

    async def _copy(self, conn: asyncpg.Connection, batch: _Batch) -> tuple[Reading, ...]:
        """All of them at once; a single one that is there already refuses all."""
        if batch.rows:
            await conn.copy_records_to_table("readings", records=batch.rows, columns=COLUMNS)
        return tuple(batch.readings)

    async def _insert(self, conn: asyncpg.Connection, batch: _Batch) -> tuple[Reading, ...]:
        """Those that are not there yet. In the order of the key, so that two writers queue instead of entangling."""
        if not batch.rows:
            return ()
        rows = sorted(batch.rows, key=lambda row: row[:4])
        new = await conn.fetch(SQL["insert_new"], *map(list, zip(*rows, strict=True)))
        return tuple(batch.readings[n] for n in sorted(row["n"] for row in new))

    async def _others(self, conn: asyncpg.Connection, others: Sequence[Input]) -> tuple[Input, ...]:
        """Confirmations that were kept before drop out; whatever else is told is told once."""
        shown = [(n, value) for n, value in enumerate(others) if isinstance(value, Shown)]
        if not shown:
            return tuple(others)
        known = {n for n, _ in shown} - await keep_shown(conn, shown)
        return tuple(value for n, value in enumerate(others) if n not in known)

    async def _make_days(self, batch: _Batch) -> None:
        await self._partitions.make({reading.at.date() for reading in batch.readings})

    async def _next_number(self) -> int:
        async with self._numbering:
            with suppress(StopIteration):
                return next(self._numbers)
            async with self._pool.acquire() as conn:
                first = await conn.fetchval(SQL["next_batches"])
            self._numbers = iter(range(first + 1, first + BATCHES))
            return int(first)

    async def _readings(self, conn: asyncpg.Connection, entries: Sequence[Any]) -> dict[int, list[Reading]]:
        """Readings of these entries by batch, in their order."""
        found: dict[int, list[Reading]] = {entry["batch"]: [] for entry in entries if entry["batch"] is not None}
        if found:
            first = min(entry["first_at"] for entry in entries if entry["first_at"] is not None)
            last = max(entry["last_at"] for entry in entries if entry["last_at"] is not None)
            for row in await conn.fetch(SQL["readings_of"], list(found), first, last):
                found[row["batch"]].append(from_row(row))
        return found


async def append(
    conn: asyncpg.Connection, readings: Sequence[Reading], others: Sequence[Input], batch: int | None
) -> int:
    """The entry of this transaction, appended last; later writers wait until it is committed. Returns its position."""
    times = [reading.at for reading in readings]
    position = await conn.fetchval(
        SQL["append"],
        batch if readings else None,
        min(times, default=None),
        max(times, default=None),
        len(readings),
        encode_inputs(others) if others else None,
        len(others),
    )
    return int(position)


def _dead_letter(doubt: Doubt) -> tuple[Any, ...]:
    """A text of the database holds no NUL and no lone surrogate; whatever else the wire brought is kept as it is."""
    topic, device, cause = (
        text and text.replace("\0", "\ufffd").encode(errors="replace").decode()
        for text in (doubt.topic, doubt.device, doubt.cause)
    )
    payload = doubt.payload
    return doubt.received_at, topic, device, cause, len(payload), sha256(payload).digest(), payload[:HEAD_BYTES]
