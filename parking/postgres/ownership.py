"""Who may decide for an area: whoever holds its advisory lock on a connection of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from parking.domain.errors import StoreDown
from parking.postgres.pool import connect
from parking.postgres.queries import queries
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
            async with _until_lost(conn, f"area {area}"):
                yield epoch
        finally:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.shield(conn.close(timeout=2.0))


@asynccontextmanager
async def _until_lost(conn: asyncpg.Connection, what: str) -> AsyncIterator[None]:
    """Cancel the body when the connection ends; an owner that has lost its lock must not decide a tick longer."""
    body = asyncio.current_task()
    assert body is not None  # noqa: S101 -- for the type checker: a coroutine runs in a task
    lost: list[bool] = []

    def on_end(_: object) -> None:
        lost.append(True)
        body.cancel()

    conn.add_termination_listener(on_end)
    try:
        if conn.is_closed():
            raise StoreDown(f"lost {what} to the database's end; waiting to own it again")
        yield
    except asyncio.CancelledError:
        if lost and body.uncancel() == 0:
            raise StoreDown(f"lost {what}: the connection that held it broke; waiting to own it again") from None
        raise
    finally:
        with suppress(asyncpg.InterfaceError):
            conn.remove_termination_listener(on_end)
