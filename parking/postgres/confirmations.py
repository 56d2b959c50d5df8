"""What signs confirmed, in PostgreSQL."""

from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec

from parking.codec import encode
from parking.domain.guidance import Shown
from parking.domain.ids import SignId
from parking.postgres.queries import queries
from parking.postgres.trouble import told

SQL: Final = queries("confirmations")


class _Content(msgspec.Struct, frozen=True):
    """The part of a confirmation that makes it differ from the one before."""

    rows: tuple[str, ...]
    errors: tuple[str, ...]


class PgConfirmations:
    """`Confirmations` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def newest_shown(self) -> Sequence[Shown]:
        """As `Confirmations.newest_shown`, in the order of sign ids."""
        with told("reading confirmations"):
            rows = await self._pool.fetch(SQL["newest"])
        return [_shown(row) for row in rows]


async def keep_shown(conn: asyncpg.Connection, shown: Sequence[tuple[int, Shown]]) -> set[int]:
    """Store those that were not kept before; of the numbers given beside them, returns those of the new ones."""
    columns = zip(*(_row(n, one) for n, one in shown), strict=True)
    return {row["n"] for row in await conn.fetch(SQL["add"], *map(list, columns))}


def _row(n: int, shown: Shown) -> tuple[object, ...]:
    content = encode(_Content(shown.rows, shown.errors))
    key = (shown.sign, shown.at, shown.epoch, shown.sequence)
    return (n, *key, shown.received_at, content, shown.brightness_share)


def _shown(row: asyncpg.Record) -> Shown:
    content = msgspec.json.decode(row["content"], type=_Content)
    return Shown(
        sign=SignId(row["sign"]),
        epoch=row["epoch"],
        sequence=row["sequence"],
        at=row["at"],
        received_at=row["received_at"],
        rows=content.rows,
        errors=content.errors,
        brightness_share=row["brightness_share"],
    )
