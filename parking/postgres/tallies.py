"""Looking back at a run, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from parking.domain.forecast import Forecast
from parking.domain.ids import LotId
from parking.ports import Tally
from parking.postgres.queries import queries
from parking.postgres.trouble import told

SQL: Final = queries("tallies")


class PgTallies:
    """`Tallies` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def tally(self, since: datetime, until: datetime) -> Tally:
        """As `Tallies.tally`."""
        with told("counting what a run left"):
            row = await self._pool.fetchrow(SQL["tally"], since, until)
        return Tally(**dict(row))

    async def issued(self, since: datetime, until: datetime) -> Sequence[Forecast]:
        """As `Tallies.issued`."""
        with told("reading forecasts"):
            rows = await self._pool.fetch(SQL["issued"], since, until)
        return [_forecast(row) for row in rows]


def _forecast(row: Any) -> Forecast:  # noqa: ANN401 -- a record of a library without types
    return Forecast(
        lot=LotId(row["lot"]),
        issued_at=row["issued_at"],
        horizons_min=tuple(row["horizons_min"]),
        quantiles=tuple(row["quantiles"]),
        taken=tuple(tuple(band) for band in row["taken"]),
        model=row["model"],
    )
