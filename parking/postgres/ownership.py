"""Who may decide for an area: whoever holds its advisory lock on a connection of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from parking.postgres.pool import connect
from parking.postgres.queries import queries
from parking.postgres.transaction import until_lost
from parking.postgres.trouble import told

SQL: Final = queries("ownership")

NOTICED: Final = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""A machine that vanished without a word frees its areas within about ten seconds."""


class PgOwnership:
    """`Ownership` on a connection that the lock lives and dies with."""

    def __init__(self, url: str, schema: str) -> None:
        self._url = url
        self._schema = schema

    @asynccontextmanager
    async def own(self, area: str) -> AsyncIterator[int]:
        """As `Ownership.own`. The body is cancelled, and StoreDown raised, when the lock's connection is lost."""
        conn = await connect(self._url, search_path=self._schema, **NOTICED)
        try:
            with told(f"waiting for area {area}"):
                await conn.execute(SQL["hold"], area)
                epoch = int(await conn.fetchval(SQL["take_over"], area))
            async with until_lost(conn, f"area {area}"):
                yield epoch
        finally:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.shield(conn.close(timeout=2.0))
