"""What ticks and officers leave behind, in PostgreSQL: one transaction each, all or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from parking.codec import encode
from parking.domain.alert import Alert
from parking.domain.case import CaseChanged
from parking.domain.errors import BadJournal
from parking.domain.forecast import Forecast
from parking.domain.guidance import Guidance
from parking.domain.tick import Tick, TickMark
from parking.ports import Kept
from parking.postgres.cases import file_cases
from parking.postgres.histories import add_slots
from parking.postgres.intake import append
from parking.postgres.outbox import send
from parking.postgres.pasts import add_road_changes
from parking.postgres.queries import queries
from parking.postgres.transaction import transaction
from parking.postgres.trouble import told

SQL: Final = queries("ledger")
FORECAST_COLUMNS: Final = ("issued_at", "lot", "horizons_min", "quantiles", "taken", "model")


class PgLedger:
    """`Ledger` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def commit(self, tick: Tick) -> Kept | None:
        """As `Ledger.commit`. A tick that is there already, after a commit whose answer was lost, changes nothing.

        Raises:
            StoreDown: nothing of it is kept; try again.
            BadJournal: this instant was decided otherwise before: somebody else decides too, or has.
            NotAllowed: it files a case for an alert that has one.
        """
        with told("committing a tick"):
            async with transaction(self._pool) as conn:
                filed = tuple(CaseChanged(case.no, case.alert, case.stage, case.updated_at) for case in tick.cases)
                if not await conn.fetchval(SQL["add_tick"], tick.at, tick.position, tick.decisions_sha256):
                    return await self._committed(conn, tick, filed)
                await _write(conn, tick)
                await send(conn, tick.messages, tick.at)
                if not filed:
                    return None
                position = await append(conn, (), filed, None)
                await conn.execute(SQL["note_filed"], tick.at, position)
                return Kept(position, filed)

    async def ticks_after(self, at: datetime | None, until: datetime | None = None) -> Sequence[TickMark]:
        """As `Ledger.ticks_after`."""
        with told("reading the journal"):
            rows = await self._pool.fetch(SQL["ticks_after"], at, until)
        return [TickMark(row["at"], row["position"], row["decisions_sha256"]) for row in rows]

    async def _committed(self, conn: asyncpg.Connection, tick: Tick, filed: tuple[CaseChanged, ...]) -> Kept | None:
        row = await conn.fetchrow(SQL["get_tick"], tick.at)
        if (row["position"], row["decisions_sha256"]) != (tick.position, tick.decisions_sha256):
            raise BadJournal(
                f"the tick at {tick.at.isoformat()} was decided otherwise before (from position {row['position']}, "
                f"{row['decisions_sha256'][:12]}): stop the other engine of this area, then restart this one"
            )
        return None if row["filed"] is None else Kept(row["filed"], filed)


async def _write(conn: asyncpg.Connection, tick: Tick) -> None:
    decisions = tick.decisions
    if decisions.slot:
        await add_slots(conn, decisions.slot)
    if decisions.forecasts:
        rows = [_forecast(forecast) for forecast in decisions.forecasts]
        await conn.copy_records_to_table("forecast", records=rows, columns=FORECAST_COLUMNS)
    if decisions.guidance:
        await _write_guidance(conn, decisions.guidance)
    if decisions.roads:
        await add_road_changes(conn, decisions.roads)
    if decisions.alerts:
        await conn.executemany(SQL["put_alert"], [_alert(alert) for alert in decisions.alerts])
        await conn.executemany(SQL["add_alert_version"], [_version(alert) for alert in decisions.alerts])
    if tick.cases:
        await file_cases(conn, tick.cases)


async def _write_guidance(conn: asyncpg.Connection, guidance: Sequence[Guidance]) -> None:
    await conn.executemany(SQL["put_guidance"], [_guidance(one) for one in guidance])
    if changed := [_guidance(one) for one in guidance if one.changed]:
        await conn.executemany(SQL["add_guidance"], changed)


def _forecast(forecast: Forecast) -> tuple[object, ...]:
    told = (forecast.horizons_min, forecast.quantiles, [list(band) for band in forecast.taken])  # arrays are lists
    return forecast.issued_at, forecast.lot, *told, forecast.model


def _guidance(one: Guidance) -> tuple[object, ...]:
    return one.sign, one.at, one.sequence, one.until, encode(one.rows), encode(one.why)


def _alert(alert: Alert) -> tuple[object, ...]:
    what = (alert.id, alert.version, alert.kind.value, alert.state.value, alert.grade)
    when = (alert.onset_at, alert.updated_at, alert.cleared_at)
    return *what, alert.subject, alert.cell, *when, encode(alert)


def _version(alert: Alert) -> tuple[object, ...]:
    return alert.id, alert.version, alert.updated_at, encode(alert)
