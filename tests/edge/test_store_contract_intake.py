"""What every store promises of the input log, kept by PostgreSQL and by memory alike."""

import asyncio
from datetime import timedelta

from parking.codec import encode_inputs
from parking.domain.ids import AlertId
from parking.domain.inputs import Acknowledge, Input, ModelFitted
from parking.domain.reading import Doubt, GateReading
from parking.domain.settings import Settings
from parking.ports import Kept, Stores
from tests.edge.stored import NOON, a_gate, a_shown, gates, one_of_each_kind


async def all_inputs(stores: Stores) -> list[Input]:
    return [value for kept in await stores.intake.after(0) for value in kept.inputs]


async def test_what_was_kept_comes_back_to_the_byte(kept_in: Stores) -> None:
    readings = one_of_each_kind()
    others = (
        a_shown(),
        Settings(),
        ModelFitted("profile", NOON, bytes(range(256))),
        Acknowledge(AlertId("A"), "a", NOON),
    )
    kept = await kept_in.intake.keep(readings, others)
    assert kept == Kept(1, (*readings, *others))
    (again,) = await kept_in.intake.after(0)
    assert again == kept
    assert encode_inputs(again.inputs) == encode_inputs(kept.inputs)


async def test_storing_twice_changes_nothing(kept_in: Stores) -> None:
    await kept_in.intake.keep(gates(1, 2, 3), (a_shown(1),))
    assert await kept_in.intake.keep(gates(1, 2, 3), (a_shown(1),)) is None
    assert await all_inputs(kept_in) == [*gates(1, 2, 3), a_shown(1)]


async def test_only_what_is_new_of_a_resent_batch_reaches_the_engine_in_its_order(kept_in: Stores) -> None:
    await kept_in.intake.keep(gates(2, 4))
    kept = await kept_in.intake.keep(gates(5, 4, 3, 2, 1))
    assert kept is not None
    assert kept.inputs == gates(5, 3, 1)
    assert [entry.position for entry in await kept_in.intake.after(0)] == [1, 2]


async def test_a_reading_twice_in_one_batch_counts_once(kept_in: Stores) -> None:
    kept = await kept_in.intake.keep(gates(1, 2, 1), (a_shown(1), a_shown(2), a_shown(1)))
    assert kept == Kept(1, (*gates(1, 2), a_shown(1), a_shown(2)))


async def test_a_restarted_counter_is_another_reading(kept_in: Stores) -> None:
    await kept_in.intake.keep((a_gate(1, boot=1),))
    assert await kept_in.intake.keep((a_gate(1, boot=2),)) is not None


async def test_nothing_kept_is_no_entry(kept_in: Stores) -> None:
    doubt = Doubt("parking/v1/devices/x/reading", "not JSON", b"\xff\x00", NOON)
    assert await kept_in.intake.keep() is None
    assert await kept_in.intake.keep(doubts=[doubt]) is None
    assert await kept_in.intake.after(0) == []


async def test_a_reader_gets_whole_entries_and_about_as_much_as_asked(kept_in: Stores) -> None:
    for first in (0, 10, 20):
        await kept_in.intake.keep(gates(*range(first, first + 10)))
    assert [kept.position for kept in await kept_in.intake.after(0, limit=11)] == [1, 2]
    assert [kept.position for kept in await kept_in.intake.after(1, limit=1)] == [2]
    assert await kept_in.intake.after(3) == []


async def test_a_reader_past_a_position_misses_nothing_of_several_writers(kept_in: Stores) -> None:
    async def write(boot: int) -> None:
        for seq in range(0, 120, 3):
            await kept_in.intake.keep([a_gate(n, boot=boot) for n in (seq, seq + 1, seq + 2)])
            await asyncio.sleep(0)

    read: list[Kept] = []

    async def follow() -> None:
        while sum(len(kept.inputs) for kept in read) < 480:
            read.extend(await kept_in.intake.after(read[-1].position if read else 0, limit=50))
            await asyncio.sleep(0.001)

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(follow())
        for boot in range(4):
            tasks.create_task(write(boot))
    assert [kept.position for kept in read] == list(range(1, 161))
    for boot in range(4):
        mine = [
            value.seq for kept in read for value in kept.inputs if isinstance(value, GateReading) if value.boot == boot
        ]
        assert mine == list(range(120))


async def test_two_writers_of_the_same_resent_rows_keep_each_once(kept_in: Stores) -> None:
    forth, back = gates(*range(200)), gates(*reversed(range(200)))
    answers = await asyncio.gather(*(kept_in.intake.keep(rows) for rows in (forth, back, forth, back)))
    new = [value for kept in answers if kept is not None for value in kept.inputs]
    assert sorted(new, key=lambda reading: reading.seq) == list(forth)  # type: ignore[union-attr]  # all are readings
    assert len(await all_inputs(kept_in)) == 200


async def test_a_reading_three_days_late_is_history_like_any_other(kept_in: Stores) -> None:
    late = a_gate(1, at=NOON - timedelta(days=3))
    kept = await kept_in.intake.keep((a_gate(2), late))
    assert kept is not None
    assert await all_inputs(kept_in) == [a_gate(2), late]
