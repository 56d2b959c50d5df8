"""Transactions that never hang on a server that has gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from parking.domain.errors import StoreDown


@asynccontextmanager
async def transaction(pool: asyncpg.Pool, *, reading: bool = False) -> AsyncIterator[asyncpg.Connection]:
    """A connection inside a transaction, which is committed at the end of the body.

    Args:
        pool: where the connection comes from.
        reading: one unchanging picture, nothing may be written.
    """
    isolation = {"isolation": "repeatable_read", "readonly": True} if reading else {}
    async with pool.acquire() as conn, until_lost(conn, "a transaction"), conn.transaction(**isolation):
        yield conn


@asynccontextmanager
async def until_lost(conn: asyncpg.Connection, what: str) -> AsyncIterator[None]:
    """Cancel the body when the connection ends, and raise StoreDown from it.

    The driver by itself does not notice while it waits for room to send (a large COPY): it would stay there until its
    time-out. And who holds a lock by a connection must not act a moment longer than it lives.
    """
    guard = _Guard()
    conn.add_termination_listener(guard.on_end)
    try:
        yield
    except (asyncio.CancelledError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as end:
        if not guard.lost:
            raise
        if guard.others_cancel():
            raise asyncio.CancelledError from end
        raise StoreDown(f"lost {what}: the connection to the database broke; it is made again by itself") from end
    finally:
        guard.left = True
        with suppress(asyncpg.InterfaceError):
            conn.remove_termination_listener(guard.on_end)


class _Guard:
    """Cancels the task it was made in, once, when told that the connection has ended."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._body = asyncio.current_task()
        self._cancelled = False
        self.lost = False
        self.left = False

    def on_end(self, _: object) -> None:
        """The connection has ended. Who waits for its answer is told by the driver in this very turn of the loop."""
        self.lost = True
        self._loop.call_soon(self._cancel)

    def others_cancel(self) -> bool:
        """Whether somebody else wants the body to end as well."""
        if self._body is None:
            return False
        return (self._body.uncancel() if self._cancelled else self._body.cancelling()) > 0

    def _cancel(self) -> None:
        if self._body is not None and not self.left:
            self._cancelled = self._body.cancel()
