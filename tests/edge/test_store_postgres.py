"""What the stores on PostgreSQL promise beyond the common contract."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

from parking.codec import decode
from parking.domain.alert import Alert
from parking.domain.decisions import Decisions
from parking.domain.errors import StoreDown
from parking.domain.reading import Doubt
from parking.ports import Stores
from parking.postgres.embedded import embedded
from parking.postgres.open import open_stores
from tests.edge.stored import (
    NOON,
    a_case,
    a_forecast,
    a_gate,
    a_guidance,
    a_message,
    a_shown,
    a_tick,
    an_alert,
    gates,
    later,
)


@pytest.fixture
async def sql(database_url: str, schema: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody with a plain SQL console."""
    conn = await asyncpg.connect(database_url, server_settings={"search_path": schema})
    yield conn
    await conn.close()


async def days(sql: asyncpg.Connection) -> list[date]:
    return [row["day"] for row in await sql.fetch("SELECT day FROM readings_days ORDER BY day")]


async def test_what_could_not_be_understood_is_kept_with_cause_and_bytes(
    stores: Stores, sql: asyncpg.Connection
) -> None:
    big = bytes(range(256)) * 40_000
    await stores.intake.keep(gates(1), doubts=[Doubt("t\0opic", "not UTF-8: '\ud800'", big, NOON)])
    row = await sql.fetchrow("SELECT * FROM dead_letter")
    assert (row["length"], row["sha256"], row["head"]) == (len(big), sha256(big).digest(), big[:65_536])
    assert (row["topic"], row["cause"], row["device"]) == ("t\ufffdopic", "not UTF-8: '?'", None)


async def test_a_step_of_a_case_can_be_neither_changed_nor_removed(stores: Stores, sql: asyncpg.Connection) -> None:
    await stores.ledger.commit(a_tick(decisions=Decisions(NOON, alerts=(an_alert(),)), cases=(a_case(),)))
    for change in (
        "UPDATE case_step SET opinion = ''",
        "DELETE FROM case_step",
        "TRUNCATE case_step",
        "UPDATE alert_version SET version = 9",
        "DELETE FROM alert_version",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="append only"):
            await sql.execute(change)
    assert await stores.cases.find_case(a_case().no) == a_case()


async def test_every_version_of_an_alert_is_history_and_the_newest_is_at_hand(
    stores: Stores, sql: asyncpg.Connection
) -> None:
    first, second = an_alert(), an_alert(version=2, at=later(5))
    await stores.ledger.commit(a_tick(NOON, Decisions(NOON, alerts=(first,))))
    await stores.ledger.commit(a_tick(later(5), Decisions(later(5), alerts=(second,))))
    versions = await sql.fetch("SELECT body::text AS body FROM alert_version ORDER BY version")
    assert [decode(row["body"], Alert) for row in versions] == [first, second]
    assert await sql.fetchval("SELECT version FROM alert") == 2


async def test_guidance_is_history_when_a_word_changed_and_its_newest_is_at_hand(
    stores: Stores, sql: asyncpg.Connection
) -> None:
    for n, changed in enumerate((True, False)):
        at = later(5 * n)
        await stores.ledger.commit(a_tick(at, Decisions(at, guidance=(a_guidance(at=at, changed=changed),))))
    assert await sql.fetchval("SELECT array_agg(at) FROM guidance") == [NOON]
    assert await sql.fetchval("SELECT at FROM guidance_newest") == later(5)


async def test_a_forecast_is_kept_as_it_was_issued(stores: Stores, sql: asyncpg.Connection) -> None:
    issued = a_forecast()
    await stores.ledger.commit(a_tick(decisions=Decisions(NOON, forecasts=(issued,))))
    row = await sql.fetchrow("SELECT * FROM forecast")
    assert tuple(map(tuple, row["taken"])) == issued.taken
    assert (row["issued_at"], tuple(row["horizons_min"])) == (issued.issued_at, issued.horizons_min)


async def test_a_confirmation_is_marked_when_it_differs_from_the_one_before(
    stores: Stores, sql: asyncpg.Connection
) -> None:
    await stores.intake.keep(others=(a_shown(1), a_shown(2), a_shown(3, rows=("--",))))
    await stores.intake.keep(others=(a_shown(4, rows=("--",)), a_shown(5)))
    marks = await sql.fetch("SELECT differs FROM sign_shown ORDER BY at")
    assert [row["differs"] for row in marks] == [True, False, True, False, True]
    await stores.retention.drop_before(date(2027, 1, 1))
    assert [row["sequence"] for row in await sql.fetch("SELECT sequence FROM sign_shown ORDER BY at")] == [1, 3, 5]


async def test_days_are_made_ahead_and_whatever_day_a_reading_brings(stores: Stores, sql: asyncpg.Connection) -> None:
    await stores.retention.make_ahead(date(2026, 10, 3))
    assert await days(sql) == [date(2026, 10, day) for day in (3, 4, 5, 6)]
    await stores.intake.keep((a_gate(1, at=NOON - timedelta(days=3)),))
    assert (await days(sql))[0] == date(2026, 9, 30)


async def test_a_day_that_another_process_dropped_is_made_again(
    stores: Stores, sql: asyncpg.Connection, database_url: str, schema: str
) -> None:
    await stores.intake.keep(gates(1))
    other = await open_stores(database_url, schema)
    assert await other.retention.drop_before(date(2027, 1, 1)) == (NOON.date(),)
    await other.close()
    assert await stores.intake.keep(gates(2)) is not None
    assert await days(sql) == [NOON.date()]


async def test_two_services_make_the_same_days_at_once(database_url: str, schema: str, sql: asyncpg.Connection) -> None:
    both = await asyncio.gather(*(open_stores(database_url, schema, today=NOON.date()) for _ in range(2)))
    await asyncio.gather(
        *(some.intake.keep([a_gate(n, at=NOON + timedelta(days=n)) for n in range(8)]) for some in both)
    )
    assert len(await days(sql)) == 8
    assert await sql.fetchval("SELECT count(*) FROM readings") == 8
    for some in both:
        await some.close()


async def test_batches_of_two_services_never_mix(database_url: str, schema: str) -> None:
    both = [await open_stores(database_url, schema) for _ in range(2)]
    for seq in range(70):
        await both[seq % 2].intake.keep(gates(2 * seq, 2 * seq + 1))
    assert [kept.inputs for kept in await both[0].intake.after(0)] == [gates(2 * n, 2 * n + 1) for n in range(70)]
    for some in both:
        await some.close()


async def test_whoever_appends_later_waits_and_a_writer_that_gives_up_leaves_no_gap(
    stores: Stores, sql: asyncpg.Connection
) -> None:
    await stores.intake.keep(gates(1))
    giving_up = sql.transaction()
    await giving_up.start()
    await sql.execute("UPDATE intake_head SET position = position + 1")
    later_one = asyncio.create_task(stores.intake.keep(gates(2)))
    await asyncio.sleep(0.05)
    assert not later_one.done()
    await giving_up.rollback()
    kept = await later_one
    assert kept is not None
    assert kept.position == 2


async def test_an_owner_that_loses_its_connection_stops_at_once(stores: Stores, sql: asyncpg.Connection) -> None:
    async def decide() -> None:
        async with stores.ownership.own("fengjie"):
            await asyncio.sleep(60)

    owner = asyncio.create_task(decide())
    while not await sql.fetchval("SELECT count(*) FROM owner"):
        await asyncio.sleep(0.01)
    await sql.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    )
    with pytest.raises(StoreDown, match="fengjie"):
        async with asyncio.timeout(5):
            await owner
    async with stores.ownership.own("fengjie") as epoch:
        assert epoch == 2


async def test_a_store_that_is_away_says_so_and_works_when_it_is_back(tmp_path: Path) -> None:
    async with embedded(tmp_path / "pg", durable=True) as url:
        stores = await open_stores(url, "live")
        await stores.intake.keep(gates(1))
    for act in (stores.ping, lambda: stores.intake.keep(gates(2)), lambda: stores.ledger.commit(a_tick())):
        with pytest.raises(StoreDown):
            await act()
    with pytest.raises(StoreDown, match="database"):
        await open_stores(url, "live")
    async with embedded(tmp_path / "pg", durable=True):
        await stores.ping()
        assert await stores.intake.keep(gates(1, 2)) is not None
        await stores.close()


async def test_runs_never_meet(stores: Stores, database_url: str, schema: str) -> None:
    other = await open_stores(database_url, f"{schema}_replay")
    await stores.intake.keep(gates(1))
    assert await other.intake.after(0) == []
    assert await other.intake.keep(gates(1)) is not None
    await other.close()


async def test_a_sink_forgets_what_is_behind_it_and_old_messages_go_when_all_have_them(
    stores: Stores, sql: asyncpg.Connection
) -> None:
    await stores.ledger.commit(a_tick(messages=tuple(a_message(f"k{n}") for n in range(4))))
    rows = await stores.outbox.due("mqtt", NOON)
    for due in (rows[2], rows[0], rows[1]):
        await stores.outbox.delivered("mqtt", due.id, NOON)
    assert await sql.fetchval("SELECT below FROM outbox_sink") == rows[2].id
    assert await sql.fetchval("SELECT count(*) FROM outbox_delivery") == 0
    await stores.retention.drop_before(date(2027, 1, 1))
    assert [due.id for due in await stores.outbox.due("mqtt", NOON)] == [rows[3].id]
    await stores.ledger.commit(a_tick(later(5), messages=(replace(a_message(), key="k9"),)))
    assert [due.id for due in await stores.outbox.due("mqtt", NOON)] == [rows[3].id, rows[3].id + 1]
