"""Stored past of the lots, in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from parking.domain.ids import LotId
from parking.domain.occupancy import Occupancy, Quality
from parking.postgres.queries import queries
from parking.postgres.transaction import transaction
from parking.postgres.trouble import told

SQL: Final = queries("histories")
AT_ONCE: Final = 20_000
"""Slots of one statement: a day of 70 lots."""


class PgHistories:
    """`Histories` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def lot_slots(self, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """As `Histories.lot_slots`."""
        return await self._read("between", since, until)

    async def lot_day(self, lot: LotId, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """As `Histories.lot_day`."""
        return await self._read("of_lot", since, until, lot)

    async def add_lot_slots(self, slots: Sequence[Occupancy]) -> None:
        """As `Histories.add_lot_slots`."""
        with told("writing lot history"):
            async with transaction(self._pool) as conn:
                for first in range(0, len(slots), AT_ONCE):
                    await add_slots(conn, slots[first : first + AT_ONCE])

    async def _read(self, query: str, *arguments: object) -> Sequence[Occupancy]:
        with told("reading lot history"):
            rows = await self._pool.fetch(SQL[query], *arguments)
        return [_occupancy(row) for row in rows]


async def add_slots(conn: asyncpg.Connection, slots: Sequence[Occupancy]) -> None:
    """Write these; those that exist stay. Their order within one instant is kept."""
    columns = zip(*_rows(slots), strict=True)
    await conn.execute(SQL["add"], *map(list, columns))


def _rows(slots: Iterable[Occupancy]) -> Iterable[tuple[object, ...]]:
    at, n = None, 0
    for slot in slots:
        n = n + 1 if slot.at == at else 0
        at = slot.at
        counts = (slot.taken, slot.sd, slot.capacity)
        yield slot.lot, slot.at, n, *counts, slot.quality.value, slot.reason, slot.heard_at


def _occupancy(row: Any) -> Occupancy:  # noqa: ANN401 -- a record of a library without types
    return Occupancy(
        lot=LotId(row["lot"]),
        at=row["at"],
        taken=row["taken"],
        sd=row["sd"],
        capacity=row["capacity"],
        quality=Quality(row["quality"]),
        reason=row["reason"],
        heard_at=row["heard_at"],
    )
