"""Daily partitions of the readings: made before they are needed, dropped when nobody needs them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import asyncpg

from parking.postgres.queries import queries
from parking.postgres.transaction import transaction
from parking.postgres.trouble import told

SQL: Final = queries("partitions")
AHEAD: Final = 3
"""Days made ahead: a long weekend with nobody at the desk, though the writer makes any day it meets anyway."""


class Partitions:
    """Which days this process knows to have a partition."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._known: set[date] = set()

    async def make_ahead(self, today: date) -> None:
        """Make today's partition and the next days'. Raises StoreDown."""
        await self.make(today + timedelta(days=ahead) for ahead in range(AHEAD + 1))

    async def make(self, days: Iterable[date]) -> None:
        """Make the partitions of these UTC days that this process does not know of. Raises StoreDown."""
        missing = sorted(set(days) - self._known)
        if not missing:
            return
        with told("making partitions"):
            async with self._pool.acquire() as conn:
                for day in missing:
                    await conn.execute(SQL["make"], day)
        self._known.update(missing)

    def forget(self) -> None:
        """Another process may have dropped some: ask the database again."""
        self._known.clear()

    async def drop_before(self, day: date) -> tuple[date, ...]:
        """Forget readings, ticks, snapshots and input log of the days before; returns the days dropped.

        The newest snapshot and whatever follows it stay, however old: a restart needs them.

        Raises:
            StoreDown: nothing was dropped; try again.
        """
        before = datetime.combine(day, datetime.min.time(), UTC)
        with told("dropping old partitions"):
            async with transaction(self._pool) as conn:
                await conn.execute(SQL["lock"])
                dropped = [row["day"] for row in await conn.fetch(SQL["old"], day)]
                for old in dropped:
                    await conn.execute(f"DROP TABLE readings_{old:%Y%m%d}")
                for query in ("trim_snapshots", "trim_journal", "trim_shown", "trim_dead_letters"):
                    await conn.execute(SQL[query], before)
                await conn.execute(SQL["trim_intake"])
                await conn.execute(SQL["trim_outbox"], before)
        self._known.difference_update(dropped)
        return tuple(dropped)
