"""What every store promises of ticks, cases, messages and history, kept by PostgreSQL and by memory alike."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from parking.domain.case import CaseChanged, Closing, Stage
from parking.domain.decisions import Decisions
from parking.domain.errors import BadJournal, NotAllowed, NotFound
from parking.domain.ids import AlertId, CaseNo, LotId
from parking.domain.inputs import Input
from parking.domain.reading import StatusReading
from parking.domain.tick import Snapshot, TickMark
from parking.ports import Kept, Stores, Tally
from tests.edge.stored import (
    GATE,
    LOT,
    NOON,
    a_case,
    a_forecast,
    a_gate,
    a_guidance,
    a_message,
    a_shown,
    a_slot,
    a_step,
    a_tick,
    an_alert,
    gates,
    later,
)


async def all_inputs(stores: Stores) -> list[Input]:
    return [value for kept in await stores.intake.after(0) for value in kept.inputs]


async def test_a_tick_leaves_its_line_and_its_filed_cases_in_the_input_log(kept_in: Stores) -> None:
    await kept_in.intake.keep(gates(1))
    tick = a_tick(cases=(a_case(),), position=1)
    kept = await kept_in.ledger.commit(tick)
    assert kept == Kept(2, (CaseChanged(CaseNo("FJ202610030001"), AlertId("A-1"), Stage.DISPATCHED, later(120)),))
    assert await kept_in.intake.after(1) == [kept]
    assert await kept_in.ledger.ticks_after(None) == [TickMark(NOON, 1, tick.decisions_sha256)]
    assert await kept_in.ledger.ticks_after(NOON) == []


async def test_a_tick_without_cases_leaves_the_input_log_alone(kept_in: Stores) -> None:
    decided = Decisions(
        NOON, slot=(a_slot(),), guidance=(a_guidance(),), alerts=(an_alert(),), forecasts=(a_forecast(),)
    )
    assert await kept_in.ledger.commit(a_tick(decisions=decided)) is None
    assert await kept_in.intake.after(0) == []
    assert await kept_in.histories.lot_slots(NOON, later(300)) == [a_slot()]


async def test_a_tick_whose_answer_was_lost_may_be_committed_again(kept_in: Stores) -> None:
    tick = a_tick(cases=(a_case(),), messages=(a_message(),))
    assert await kept_in.ledger.commit(tick) == await kept_in.ledger.commit(tick)
    assert len(await kept_in.intake.after(0)) == 1
    assert len(await kept_in.outbox.due("mqtt", NOON)) == 1


async def test_nobody_decides_the_same_instant_otherwise(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick())
    with pytest.raises(BadJournal, match="otherwise"):
        await kept_in.ledger.commit(a_tick(position=7))


async def test_a_tick_that_may_not_be_committed_leaves_nothing(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick(cases=(a_case(),)))
    second = a_tick(
        later(5),
        Decisions(later(5), slot=(a_slot(at=later(5)),)),
        cases=(a_case("FJ202610030002"),),
        messages=(a_message(),),
    )
    with pytest.raises(NotAllowed, match="A-1"):
        await kept_in.ledger.commit(second)
    assert len(await kept_in.ledger.ticks_after(None)) == 1
    assert await kept_in.histories.lot_slots(NOON, later(900)) == []
    assert await kept_in.outbox.due("mqtt", later(5)) == []
    assert [case.no for case in await kept_in.cases.list_cases(open_only=False)] == ["FJ202610030001"]
    assert len(await kept_in.intake.after(0)) == 1


async def test_cases_without_an_alert_are_filed_beside_each_other(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick(cases=(a_case(alert=None), a_case("FJ202610030002", alert=None))))
    assert [case.no[-1] for case in await kept_in.cases.list_cases(open_only=True)] == ["2", "1"]


async def test_a_case_comes_back_as_it_was_filed_with_each_step_since(kept_in: Stores) -> None:
    filed = a_case()
    await kept_in.ledger.commit(a_tick(cases=(filed,)))
    assert await kept_in.cases.find_case(filed.no) == filed
    kept = await kept_in.steps.add_step(filed.no, a_step(3, Stage.DISPOSING), [a_message()])
    assert kept == Kept(2, (CaseChanged(filed.no, filed.alert, Stage.DISPOSING, later(180)),))
    assert await kept_in.cases.find_case(filed.no) == filed.with_step(a_step(3, Stage.DISPOSING))
    assert len(await kept_in.outbox.due("mqtt", later(180))) == 1


async def test_a_step_that_exists_is_refused_and_leaves_nothing(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick(cases=(a_case(),)))
    for n in (1, 2, 4):
        with pytest.raises(NotAllowed, match="2 steps"):
            await kept_in.steps.add_step(a_case().no, a_step(n, Stage.CLOSED), [a_message()])
    with pytest.raises(NotFound):
        await kept_in.steps.add_step(CaseNo("FJ209901010001"), a_step(1))
    assert await kept_in.cases.list_cases(open_only=True) == [a_case()]
    assert len(await kept_in.intake.after(0)) == 1
    assert await kept_in.outbox.due("mqtt", later(900)) == []


async def test_of_two_officers_at_once_one_is_told_to_read_again(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick(cases=(a_case(),)))
    steps = (kept_in.steps.add_step(a_case().no, a_step(3)) for _ in range(4))
    answers = await asyncio.gather(*steps, return_exceptions=True)
    assert [type(answer) for answer in answers if not isinstance(answer, Kept)] == [NotAllowed] * 3


async def test_a_closed_case_is_no_longer_open_and_says_how_it_ended(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick(cases=(a_case(),)))
    await kept_in.steps.add_step(a_case().no, replace(a_step(3, Stage.CLOSED), closing=Closing.OVERDUE))
    assert await kept_in.cases.list_cases(open_only=True) == []
    (case,) = await kept_in.cases.list_cases(open_only=False)
    assert case.closing is Closing.OVERDUE


async def test_no_case_number_is_given_twice(kept_in: Stores) -> None:
    numbers = await asyncio.gather(*(kept_in.serials.reserve(date(2026, 10, 3)) for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))
    assert await kept_in.serials.reserve(date(2026, 10, 4)) == 1


async def test_messages_of_a_key_go_out_in_their_order_and_one_at_a_time(kept_in: Stores) -> None:
    told = (a_message("a", b"1"), a_message("b", b"2"), a_message("a", b"3"))
    await kept_in.ledger.commit(a_tick(messages=told))
    first, second = await kept_in.outbox.due("mqtt", NOON)
    assert (first.message.body, second.message.body, first.attempts) == (b"1", b"2", 0)
    await kept_in.outbox.delivered("mqtt", first.id, NOON)
    assert [due.message.body for due in await kept_in.outbox.due("mqtt", NOON)] == [b"2", b"3"]


async def test_a_message_that_failed_holds_up_its_key_until_it_is_tried_again(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick(messages=(a_message("a", b"1"), a_message("a", b"2"), a_message("b", b"3"))))
    eldest = (await kept_in.outbox.due("hook", NOON))[0]
    await kept_in.outbox.failed("hook", eldest.id, later(30), "no route")
    assert [due.message.body for due in await kept_in.outbox.due("hook", later(29))] == [b"3"]
    again = (await kept_in.outbox.due("hook", later(30)))[0]
    assert (again.message.body, again.attempts) == (b"1", 1)


async def test_each_sink_has_its_own_progress(kept_in: Stores) -> None:
    await kept_in.ledger.commit(a_tick(messages=tuple(a_message(f"k{n}") for n in range(5))))
    for due in await kept_in.outbox.due("mqtt", NOON):
        await kept_in.outbox.delivered("mqtt", due.id, NOON)
    assert await kept_in.outbox.due("mqtt", NOON) == []
    assert len(await kept_in.outbox.due("hook", NOON)) == 5
    await kept_in.ledger.commit(a_tick(later(5), messages=(a_message("k0", b"new"),)))
    assert [due.message.body for due in await kept_in.outbox.due("mqtt", later(5))] == [b"new"]


async def test_lot_history_is_told_oldest_first_then_in_the_towns_order(kept_in: Stores) -> None:
    slots = [a_slot(lot, at=at) for at in (later(300), NOON) for lot in ("P02", "P01")]
    await kept_in.histories.add_lot_slots(slots)
    assert await kept_in.histories.lot_slots(NOON, later(301)) == [*slots[2:], *slots[:2]]
    assert await kept_in.histories.lot_slots(NOON, later(300)) == slots[2:]
    assert await kept_in.histories.lot_day(LotId("P02"), NOON, later(301)) == [slots[2], slots[0]]


async def test_stored_history_is_not_overwritten(kept_in: Stores) -> None:
    await kept_in.histories.add_lot_slots([a_slot(taken=1.0)])
    await kept_in.histories.add_lot_slots([a_slot(taken=2.0)])
    await kept_in.histories.add_lot_slots([])
    assert await kept_in.histories.lot_day(LOT, NOON, later(1)) == [a_slot(taken=1.0)]


async def test_the_newest_state_is_found_also_as_of_an_instant(kept_in: Stores) -> None:
    assert await kept_in.snapshots.newest() is None
    states = [Snapshot(later(300 * n), n, bytes([n, 0, 255])) for n in (1, 3, 2)]
    for state in states:
        await kept_in.snapshots.save(state)
    assert await kept_in.snapshots.newest() == states[1]
    assert await kept_in.snapshots.newest(later(899)) == states[2]
    assert await kept_in.snapshots.newest(NOON) is None


async def test_the_newest_confirmation_of_each_sign_is_known(kept_in: Stores) -> None:
    await kept_in.intake.keep(others=(a_shown(1), a_shown(2, rows=("--",)), a_shown(1, sign="G02")))
    await kept_in.intake.keep(others=(a_shown(3, rows=("--",)),))
    assert await kept_in.confirmations.newest_shown() == [a_shown(3, rows=("--",)), a_shown(1, sign="G02")]


async def test_an_area_has_one_owner_at_a_time_and_its_epoch_grows(kept_in: Stores) -> None:
    order: list[tuple[str, int]] = []

    async def decide(name: str) -> None:
        async with kept_in.ownership.own("fengjie") as epoch:
            order.append((name, epoch))
            await asyncio.sleep(0.02)
            order.append((name, epoch))

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        for name in "ab":
            tasks.create_task(decide(name))
    assert [epoch for _, epoch in order] == [1, 1, 2, 2]
    async with kept_in.ownership.own("wushan") as epoch:
        assert epoch == 1


async def test_old_days_go_but_what_a_restart_needs_stays(kept_in: Stores) -> None:
    for day in range(4):
        at = NOON + timedelta(days=day)
        kept = await kept_in.intake.keep((a_gate(day, at=at),))
        assert kept is not None
        await kept_in.ledger.commit(a_tick(at, position=kept.position))
        await kept_in.snapshots.save(Snapshot(at, kept.position, b""))
    assert await kept_in.retention.drop_before(date(2026, 10, 5)) == (date(2026, 10, 3), date(2026, 10, 4))
    assert [mark.position for mark in await kept_in.ledger.ticks_after(None)] == [4]
    assert [kept.position for kept in await kept_in.intake.after(0)] == [4]
    assert await kept_in.snapshots.newest(NOON) is None
    assert await kept_in.intake.keep((a_gate(9, at=NOON + timedelta(days=3)),)) == Kept(
        5, (a_gate(9, at=NOON + timedelta(days=3)),)
    )


async def test_the_newest_state_stays_however_old(kept_in: Stores) -> None:
    await kept_in.snapshots.save(Snapshot(NOON, 0, b"state"))
    await kept_in.intake.keep(others=(a_shown(),))
    await kept_in.retention.drop_before(date(2027, 1, 1))
    assert await kept_in.snapshots.newest() == Snapshot(NOON, 0, b"state")
    assert await all_inputs(kept_in) == [a_shown()]


async def test_what_a_run_left_is_counted_by_street_time(kept_in: Stores) -> None:
    status = StatusReading(device=GATE, boot=1, seq=9, at=later(9), received_at=later(9), online=True)
    await kept_in.intake.keep((*gates(1, 2, 3), status))
    await kept_in.intake.keep(gates(3, 600))
    guidance = (a_guidance(), a_guidance("G02", changed=False))
    alerts = (an_alert(), an_alert(version=2), an_alert("A-2"))
    decided = Decisions(NOON, guidance=guidance, alerts=alerts, forecasts=(a_forecast("P02"), a_forecast()))
    await kept_in.ledger.commit(a_tick(decisions=decided, cases=(a_case(),)))
    again = Decisions(later(600), alerts=(an_alert(version=3, at=later(600)),), forecasts=(a_forecast(at=later(600)),))
    await kept_in.ledger.commit(a_tick(later(600), again))
    assert await kept_in.tallies.tally(NOON, later(600)) == Tally(readings=3, sign_changes=1, alerts=2, cases=1)
    assert await kept_in.tallies.tally(later(600), later(601)) == Tally(readings=1, sign_changes=0, alerts=1, cases=0)
    assert await kept_in.tallies.issued(NOON, later(600)) == [a_forecast(), a_forecast("P02")]
    assert await kept_in.tallies.issued(NOON, later(601)) == [
        a_forecast(),
        a_forecast("P02"),
        a_forecast(at=later(600)),
    ]


async def test_the_store_says_when_it_answers(kept_in: Stores) -> None:
    await kept_in.retention.make_ahead(date(2026, 10, 3))
    await kept_in.ping()
