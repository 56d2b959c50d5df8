"""Messages for the world, in PostgreSQL: each sink walks the same rows at its own pace."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from parking.domain.tick import Message
from parking.ports import Due
from parking.postgres.queries import queries
from parking.postgres.transaction import transaction
from parking.postgres.trouble import told

SQL: Final = queries("outbox")
COLUMNS: Final = ("id", "key", "type", "topic", "retain", "body", "created_at")


class PgOutbox:
    """`Outbox` on a pool. A sink that nobody has heard of begins with the oldest row that is kept."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def due(self, sink: str, now: datetime, limit: int = 100) -> Sequence[Due]:
        """As `Outbox.due`."""
        with told("reading the outbox"):
            rows = await self._pool.fetch(SQL["due"], sink, now, limit)
        return [
            Due(
                row["id"],
                Message(row["key"], row["type"], row["topic"], row["retain"], row["body"]),
                row["created_at"],
                row["attempts"],
            )
            for row in rows
        ]

    async def delivered(self, sink: str, row: int, now: datetime) -> None:
        """As `Outbox.delivered`."""
        with told("noting a delivery"):
            async with transaction(self._pool) as conn:
                await conn.execute(SQL["delivered"], sink, row, now)
                below = await conn.fetchval(SQL["advance"], sink)
                await conn.execute(SQL["forget"], sink, below)

    async def failed(self, sink: str, row: int, retry_at: datetime, why: str) -> None:
        """As `Outbox.failed`."""
        with told("noting a failed delivery"):
            await self._pool.execute(SQL["failed"], sink, row, retry_at, why)


async def send(conn: asyncpg.Connection, messages: Sequence[Message], at: datetime) -> None:
    """Put messages into the outbox, in their order; their numbers grow in the order of commits."""
    if not messages:
        return
    first = await conn.fetchval(SQL["take"], len(messages))
    rows = [
        (number, message.key, message.type, message.topic, message.retain, message.body, at)
        for number, message in enumerate(messages, first)
    ]
    await conn.copy_records_to_table("outbox", records=rows, columns=COLUMNS)
