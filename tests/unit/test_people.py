"""People who answer: whose hands a case goes through, how it ends, and what happens when somebody errs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from parking.domain.alert import AlertKind
from parking.domain.case import Closing, Stage
from sim.people_habits import TECHNICIANS, Delay, Trade
from sim.scenario import IncidentKind
from tests.makers import local
from tests.unit.work import CALM, PERFECT, Trouble, Work, minutes, stages

LONG = 10_000.0
WAY_OF_A_CASE = [
    Stage.REPORTED,
    Stage.PENDING_FILE,
    Stage.FILED,
    Stage.PENDING_DISPATCH,
    Stage.DISPATCHED,
    Stage.DISPOSING,
    Stage.DISPOSED,
    Stage.PENDING_CHECK,
    Stage.PENDING_CLOSE,
    Stage.CLOSED,
]


def a_crash(**changes: object) -> Trouble:
    return replace(Trouble(AlertKind.JAM, "R2", 10, LONG, IncidentKind.CRASH), **changes)  # type: ignore[arg-type]


def a_broken(device: str = "gate-P03", **changes: object) -> Trouble:
    return replace(Trouble(AlertKind.SENSOR_SILENT, device, 10, LONG), **changes)  # type: ignore[arg-type]


def test_a_crash_is_seen_cleared_checked_and_closed_by_somebody_at_each_step() -> None:
    work = Work([a_crash()]).run(4)
    case = work.the_case()
    assert stages(case) == WAY_OF_A_CASE
    assert "R2" in work.cleared
    by_hand = case.steps[5:]
    assert [step.actor.split("-")[0] for step in by_hand] == ["unit", "unit", "dispatcher", "inspector", "shift"]
    assert all(step.receiver for step in by_hand)
    assert case.closing is Closing.NORMAL


def test_without_people_no_case_ever_closes() -> None:
    work = Work([a_crash(), a_broken()], answers_at_all=False).run(72)
    assert len(work.cases()) == 2
    assert {case.stage for case in work.cases()} == {Stage.DISPATCHED}
    assert not work.acknowledged


def test_an_officer_acknowledges_each_alert_once_and_soon() -> None:
    work = Work([a_crash(), Trouble(AlertKind.LOT_QUEUE, "P15", 10, 40)]).run(1)
    assert {one.actor.split("-")[0] for one in work.acknowledged.values()} == {"officer"}
    assert len(work.desk.acknowledged_s) == len(work.alerts) == 2
    assert max(work.desk.acknowledged_s) < 600


def test_with_one_officer_at_night_many_alerts_wait_for_the_same_hands() -> None:
    several = [Trouble(AlertKind.LOT_FILLING, lot, 10, 300) for lot in ("P01", "P02", "P03", "P13", "P14", "P15")]
    slow = replace(PERFECT, handle=Delay(600.0, 0.1))
    by_night, by_day = (Work(several, slow, begins=local(2026, 5, 11, hour)).run(3) for hour in (23, 9))
    assert max(by_night.desk.acknowledged_s) > 1.5 * max(by_day.desk.acknowledged_s)
    assert max(by_night.desk.acknowledged_s) > 5 * 500


def test_an_officer_at_an_entrance_lets_nobody_wait_on_the_road_and_stays_a_while() -> None:
    work = Work([Trouble(AlertKind.LOT_QUEUE, "P15", 10, LONG)]).run(3)
    assert set(work.guarded) == {"P15"}
    assert minutes(work.the_case(), Stage.DISPOSING, Stage.DISPOSED) >= PERFECT.stay_s / 60
    assert work.the_case().stage is Stage.CLOSED


def test_technicians_come_in_working_hours_and_mend_the_device() -> None:
    friday_evening = local(2026, 5, 15, 18)
    work = Work([a_broken()], begins=friday_evening).run(100)
    case = work.the_case()
    came = next(step.at for step in case.steps if step.stage is Stage.DISPOSING)
    arrived = work.town.calendar.local(came)
    assert (arrived.weekday(), arrived.hour) == (0, 8)
    assert work.troubles[0].ends_min < LONG
    assert case.closing is Closing.NORMAL


def test_a_unit_that_finds_nothing_and_nothing_was_there_ends_it_as_an_error() -> None:
    work = Work([Trouble(AlertKind.JAM, "R2", 10, 90, is_real=False)]).run(3)
    assert work.the_case().closing is Closing.ERROR
    assert work.the_case().steps[-1].opinion


def test_a_jam_that_dissolved_before_anybody_came_is_no_error() -> None:
    work = Work([Trouble(AlertKind.JAM, "R2", 10, 18)]).run(3)
    assert work.the_case().closing is Closing.NORMAL


def test_a_department_hands_back_once_and_gets_it_again() -> None:
    work = Work([a_crash()], replace(PERFECT, returns=1.0)).run(5)
    case = work.the_case()
    assert stages(case).count(Stage.RETURNED) == 1
    assert stages(case).count(Stage.DISPATCHED) == 2
    assert next(step for step in case.steps if step.stage is Stage.RETURNED).opinion
    assert case.stage is Stage.CLOSED


def test_who_reports_as_done_what_is_not_gets_it_back_under_the_same_number() -> None:
    work = Work([a_crash()], replace(PERFECT, shams=1.0)).run(6)
    case = work.the_case()
    assert stages(case).count(Stage.REWORK) == 1
    assert stages(case).count(Stage.DISPOSED) == 2
    assert case.stage is Stage.CLOSED
    assert work.troubles[0].ends_min < LONG


def test_a_part_that_comes_late_is_asked_time_for() -> None:
    slow = replace(PERFECT, lacks_part=1.0, from_maker=0.0, part=Delay(48 * 3600.0, 0.01), grants=1.0)
    work = Work([a_broken()], slow).run(100)
    case = work.the_case()
    (asked,) = case.extensions
    assert (asked.granted, asked.answered_by) == (True, "dispatcher")
    dispatched = next(step.at for step in case.steps if step.stage is Stage.DISPATCHED)
    assert case.deadline - dispatched >= timedelta(days=2)
    assert case.stage is Stage.CLOSED


def test_time_that_is_refused_leaves_the_case_to_end_overdue() -> None:
    slow = replace(PERFECT, lacks_part=1.0, from_maker=0.0, part=Delay(48 * 3600.0, 0.01), grants=0.0)
    case = Work([a_broken()], slow).run(100).the_case()
    assert [one.granted for one in case.extensions] == [False]
    assert case.extensions[0].opinion
    assert case.closing is Closing.OVERDUE


def test_a_part_from_the_maker_stops_the_clock() -> None:
    slow = replace(PERFECT, lacks_part=1.0, from_maker=1.0)
    case = Work([a_broken()], slow).run(24 * 9).the_case()
    assert minutes(case, Stage.SUSPENDED, Stage.DISPOSED) > 5 * 24 * 60
    assert case.closing is Closing.NORMAL


def test_a_slide_is_nothing_a_unit_can_clear_so_the_case_waits_for_the_road() -> None:
    slide = Trouble(AlertKind.ROAD_CLOSED, "R3", 10, 600, IncidentKind.LANDSLIDE)
    work = Work([slide]).run(14)
    case = work.the_case()
    assert Stage.SUSPENDED in stages(case)
    resumed = next(step.at for step in case.steps[7:] if step.stage is Stage.DISPOSING)
    assert resumed >= work.begins + timedelta(minutes=600)
    assert case.stage is Stage.CLOSED


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_seed_gives_the_same_lives_and_another_seed_other_ones(seed: int) -> None:
    once, twice, other = (Work([a_crash(), a_broken()], CALM, seed=n).run(30) for n in (seed, seed, seed + 1))
    assert once.cases() == twice.cases()
    assert once.cases() != other.cases()


def test_one_case_more_shifts_no_other() -> None:
    alone = Work([a_crash()]).run(4).the_case()
    beside = Work([a_crash(), Trouble(AlertKind.LOT_QUEUE, "P15", 40, LONG)]).run(4).cases()
    assert beside[0] == alone


def test_one_crew_does_one_thing_after_the_other() -> None:
    few = dict(PERFECT.crews) | {Trade.TECHNICIAN: replace(TECHNICIANS, lots_for_one=100, least=1)}
    work = Work([a_broken("gate-P03"), a_broken("gate-P13")], replace(PERFECT, crews=few)).run(30)
    first, second = work.cases()
    done = next(step.at for step in first.steps if step.stage is Stage.DISPOSED)
    assert next(step.at for step in second.steps if step.stage is Stage.DISPOSING) > done
    assert {case.stage for case in work.cases()} == {Stage.CLOSED}
