"""Stored past of signs, roads and alerts, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from parking.codec import decode, encode
from parking.domain.alert import Alert
from parking.domain.guidance import Guidance, Row, Why
from parking.domain.ids import AlertId, SectionId, SignId
from parking.domain.roadstate import RoadState
from parking.postgres.queries import queries
from parking.postgres.trouble import told

SQL: Final = queries("pasts")


class PgPasts:
    """`Pasts` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def guidance_of(self, sign: SignId, since: datetime, until: datetime) -> Sequence[Guidance]:
        """As `Pasts.guidance_of`."""
        with told("reading guidance"):
            rows = await self._pool.fetch(SQL["guidance_of"], sign, since, until)
        return [_guidance(row) for row in rows]

    async def road_changes(self, section: SectionId, since: datetime, until: datetime) -> Sequence[RoadState]:
        """As `Pasts.road_changes`."""
        with told("reading road history"):
            rows = await self._pool.fetch(SQL["road_changes"], section, since, until)
        return [decode(bytes(row["body"]), RoadState) for row in rows]

    async def alert_versions(self, alert: AlertId) -> Sequence[Alert]:
        """As `Pasts.alert_versions`."""
        with told("reading alert history"):
            rows = await self._pool.fetch(SQL["alert_versions"], alert)
        return [decode(bytes(row["body"]), Alert) for row in rows]


async def add_road_changes(conn: asyncpg.Connection, roads: Sequence[RoadState]) -> None:
    """Write these, in the transaction of their tick."""
    await conn.executemany(SQL["add_road_change"], [(road.section, road.at, encode(road)) for road in roads])


def _guidance(row: asyncpg.Record) -> Guidance:
    rows, why = decode(bytes(row["rows"]), tuple[Row, ...]), decode(bytes(row["why"]), tuple[Why, ...])
    return Guidance(SignId(row["sign"]), row["sequence"], row["at"], row["until"], rows, why, changed=True)
