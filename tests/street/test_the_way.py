"""The way of one reading, whole: a lot fills, its signs say so, its queue becomes an alert, a case, messages."""

import asyncio
from datetime import datetime, timedelta

import pytest

from parking.codec import digest
from parking.domain.alert import AlertKind, Grade
from parking.domain.case import CaseChanged, Stage
from parking.domain.device import stale_after
from parking.domain.guidance import State
from parking.domain.ids import LotId
from parking.domain.occupancy import Quality
from parking.domain.tick import Snapshot
from parking.engine import Engine
from parking.flow.present import Present
from sim.wire import Message
from tests.street.lab import Lab


@pytest.fixture(scope="module")
def holiday() -> Lab:
    """Half an hour of the second day of May: 白帝城 fills, and its queue reaches the road."""
    lab = Lab()
    asyncio.run(lab.run(30))
    return lab


async def test_every_sign_confirms_numbers(holiday: Lab) -> None:
    for sign in holiday.town.signs:
        shown = holiday.present.shown[sign.id]
        assert "--" not in shown.rows
        assert holiday.present.wanted[sign.id].sequence - shown.sequence <= 1
        assert holiday.clock.at - shown.at <= timedelta(seconds=70)


async def test_a_full_lot_is_full_on_every_sign_that_names_it(holiday: Lab) -> None:
    assert holiday.present.lots[LotId("P15")].state is State.FULL
    panels = holiday.shown_on("P15")
    assert len(panels) >= 2
    assert {text for _, text in panels} == {"满"}


async def test_the_estimate_is_the_truth_within_its_deviation(holiday: Lab) -> None:
    for nth, lot in enumerate(holiday.town.lots):
        estimate = holiday.present.lots[lot.id].occupancy
        assert estimate.quality is Quality.LIVE
        assert abs(estimate.taken - holiday.street.carparks[nth].taken) <= max(3.0, 0.05 * lot.capacity)


async def test_the_queue_becomes_one_alert_one_case_and_messages_in_order(holiday: Lab) -> None:
    (alert,) = [one for one in holiday.present.alerts.values() if one.kind is AlertKind.LOT_QUEUE]
    assert alert.subject == "P15"
    assert alert.grade is not None
    assert alert.grade <= Grade.III
    (case,) = [one for one in await holiday.stores.cases.list_cases(open_only=True) if one.alert == alert.id]
    assert case.stage is Stage.DISPATCHED
    assert (case.no, case.class_code, case.source) == ("FJ202605020001", "5002360689", 41)
    assert case.deadline - case.steps[-1].at == timedelta(hours=1)
    assert alert.case_no == case.no
    assert any(isinstance(one, CaseChanged) and one.no == case.no for one in await _log(holiday))
    told = []
    now = holiday.clock.at
    while rows := await holiday.stores.outbox.due("test", now):
        told += rows
        for row in rows:
            await holiday.stores.outbox.delivered("test", row.id, now)
    assert [row.message.type for row in told if row.message.key == f"case:{case.no}"] == ["parking.case.dispatched"]
    versions = [row.message.body for row in told if row.message.key == f"alert:{alert.id}"]
    assert versions == sorted(versions, key=lambda body: int(body.split(b'"version":')[1].split(b",")[0]))
    assert len(versions) == alert.version


async def test_each_lot_has_a_forecast_with_a_band(holiday: Lab) -> None:
    for lot in holiday.town.lots:
        forecast = holiday.present.forecasts[lot.id]
        assert holiday.clock.at - forecast.issued_at <= timedelta(minutes=5)
        for band in forecast.taken:
            assert 0 <= band[0] <= band[-1] <= lot.capacity


async def _log(lab: Lab) -> list[object]:
    return [value for kept in await lab.stores.intake.after(0, limit=10**6) for value in kept.inputs]


@pytest.mark.parametrize("minute", [1, 4, 9])
async def test_a_restart_at_any_tick_decides_on_as_if_nothing_had_happened(minute: int) -> None:
    lab, other = Lab(), Lab()
    await lab.run(minute)
    lab.decide = lab.fresh()
    assert await lab.decide.recover() > 0
    await lab.run(12 - minute)
    await other.run(12)
    mine, others = await lab.stores.ledger.ticks_after(None), await other.stores.ledger.ticks_after(None)
    assert [mark.decisions_sha256 for mark in mine] == [mark.decisions_sha256 for mark in others]


async def test_a_restart_right_after_a_snapshot_shows_the_present_at_once() -> None:
    lab = Lab()
    await lab.run(5)
    before = dict(lab.present.lots)
    snapshot = Snapshot(lab.clock.at, lab.decide.position, lab.engine.save())
    await lab.stores.snapshots.save(snapshot)
    lab.present = Present(lab.town)
    assert await lab.fresh().recover() == 0
    assert lab.present.lots.keys() == before.keys()
    for lot, state in lab.present.lots.items():
        assert (state.state, state.occupancy.quality, state.free) == (
            before[lot].state, before[lot].occupancy.quality, before[lot].free,
        )  # fmt: skip
    assert lab.present.wanted.keys() == {sign.id for sign in lab.town.signs}
    assert len(lab.present.forecasts) == len(lab.town.lots)


async def test_the_journal_alone_gives_every_decision_again() -> None:
    lab = Lab()
    await lab.run(10)
    engine, entries = Engine(lab.town), list(await lab.stores.intake.after(0, limit=10**6))
    for mark in await lab.stores.ledger.ticks_after(None):
        while entries and entries[0].position <= mark.position:
            engine.take(entries.pop(0).inputs)
        assert digest(engine.decide(mark.at)) == mark.decisions_sha256


async def test_a_silent_town_turns_every_sign_neutral_and_calls_the_repairers_not_the_police() -> None:
    silent_from: list[datetime] = []

    def cut(at: datetime, messages: list[Message]) -> list[Message]:
        gone = silent_from and at >= silent_from[0]
        return [one for one in messages if one.topic.endswith("/shown")] if gone else messages

    lab = Lab(scenario="weekday", meddle=cut)
    await lab.run(6)
    assert any(row.text != "--" for guidance in lab.present.wanted.values() for row in guidance.rows)
    silent_from.append(lab.clock.at)
    limit = max(stale_after(device.period) for device in lab.town.devices if device.lots)
    await lab.run((limit.total_seconds() + 12) / 60)  # the next tick, and the lamps' own second
    assert {text for sign in lab.street.lamps for text in sign} == {"--", "关闭"}  # a timetable needs no sensor
    await lab.run(3)
    kinds = {alert.kind for alert in lab.present.alerts.values() if alert.is_open}
    assert kinds == {AlertKind.SENSOR_SILENT}
    cases = await lab.stores.cases.list_cases(open_only=True)
    assert cases
    assert {case.class_code for case in cases} == {"5002360687"}


async def test_a_sign_that_does_not_confirm_is_a_case_for_the_repairers_and_holds_up_nobody() -> None:
    def mute(_at: datetime, messages: list[Message]) -> list[Message]:
        return [one for one in messages if one.topic != "signs/G07/shown"]

    lab = Lab(scenario="weekday", meddle=mute)
    await lab.run(9)
    (alert,) = [one for one in lab.present.alerts.values() if one.kind is AlertKind.SIGN_UNCONFIRMED]
    assert (alert.subject, alert.grade) == ("G07", Grade.III)
    (case,) = await lab.stores.cases.list_cases(open_only=True)
    assert (case.class_code, case.department) == ("5002360687", "equipment")
    for sign in lab.town.signs:
        if sign.id != "G07":
            assert "--" not in lab.present.shown[sign.id].rows


async def test_messages_told_twice_and_in_disorder_change_nothing_at_the_end() -> None:
    held: list[Message] = []

    def mix(at: datetime, messages: list[Message]) -> list[Message]:
        nonlocal held
        late, held = held, messages[1::2]
        del at
        return [*messages[::2], *messages[::2], *late]

    plain, mixed = Lab(scenario="weekday"), Lab(scenario="weekday", meddle=mix)
    await plain.run(8)
    await mixed.run(8)
    for lot in plain.town.lots:
        mine, other = plain.present.lots[lot.id].occupancy, mixed.present.lots[lot.id].occupancy
        assert abs(mine.taken - other.taken) <= 2.0
        assert other.quality is Quality.LIVE
