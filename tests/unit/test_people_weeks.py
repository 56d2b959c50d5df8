"""Citizens who call, and whole weeks: every case comes to its end by the law."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from parking.cases.travel import first_facts, rebuild
from parking.domain.alert import AlertKind
from parking.domain.case import Case, Closing, Stage
from sim.people_habits import HABITS
from sim.scenario import IncidentKind
from tests.unit.work import PERFECT, Trouble, Work, stages

WEEK_MIN = 7 * 24 * 60
ENDS = (Stage.CLOSED, Stage.VOIDED)

TALKATIVE = replace(PERFECT, calls_per_min=dict.fromkeys(AlertKind, 0.5), crash_calls_per_min=0.5)


def rebuilt(work: Work, case: Case) -> Case:
    return rebuild(first_facts(case), case.steps, work.town.calendar, case.extensions)


def test_parked_cars_that_no_sensor_sees_are_called_verified_filed_and_towed() -> None:
    cars = Trouble(AlertKind.ILLEGAL_PARKING, "R1", 10, 10_000, IncidentKind.ILLEGAL_PARKING, is_told=False)
    work = Work([cars], TALKATIVE).run(5)
    case = work.the_case()
    assert (case.source, case.alert) == (11, None)
    assert stages(case)[:4] == [Stage.REPORTED, Stage.PENDING_VERIFY, Stage.PENDING_FILE, Stage.FILED]
    assert case.closing is Closing.NORMAL
    assert work.cleared == ["R1"]
    assert work.desk.linked > 0


def test_calls_about_what_is_known_are_linked_and_make_no_second_case() -> None:
    work = Work([Trouble(AlertKind.JAM, "R2", 10, 90)], TALKATIVE).run(4)
    assert len(work.cases()) == 1
    assert work.desk.linked > 5


def test_an_alert_joins_the_case_of_whoever_called_before() -> None:
    late = Trouble(AlertKind.JAM, "R2", 10, 200)
    work = Work([replace(late, is_told=False)], TALKATIVE).run(0.4)
    assert work.the_case().alert is None
    work.troubles[0].is_told = True
    work.run(5)
    assert work.the_case().alert == "A-0"
    assert work.the_case().stage is Stage.CLOSED


def test_a_call_about_nothing_is_voided_by_the_inspector() -> None:
    jokers = replace(PERFECT, wrong_calls_per_day=200.0)
    work = Work([], jokers).run(3)
    assert work.cases()
    assert {case.stage for case in work.cases() if len(case.steps) > 2} == {Stage.VOIDED}
    assert all(case.steps[-1].opinion for case in work.cases() if case.stage is Stage.VOIDED)


def test_at_night_nobody_calls() -> None:
    cars = Trouble(AlertKind.ILLEGAL_PARKING, "R1", 0, 10_000, IncidentKind.ILLEGAL_PARKING, is_told=False)
    work = Work([cars], TALKATIVE).run(24)
    hours = {work.town.calendar.local(case.reported_at).hour for case in work.cases()}
    assert hours
    assert all(6 <= hour < 23 for hour in hours)


KINDS = (
    (AlertKind.JAM, ("R1", "R2", "R6", "R8"), (None, IncidentKind.CRASH, IncidentKind.ILLEGAL_PARKING)),
    (AlertKind.LOT_QUEUE, ("P01", "P13", "P15"), (None,)),
    (AlertKind.SENSOR_SILENT, ("gate-P03", "gate-P13"), (None,)),
    (AlertKind.SIGN_UNCONFIRMED, ("G07", "G10"), (None,)),
    (AlertKind.ROAD_CLOSED, ("R3",), (IncidentKind.LANDSLIDE,)),
    (AlertKind.ILLEGAL_PARKING, ("R1", "R5"), (IncidentKind.ILLEGAL_PARKING,)),
)


@st.composite
def troubles(draw: st.DrawFn) -> Trouble:
    kind, where, things = draw(st.sampled_from(KINDS))
    begins = draw(st.integers(1, WEEK_MIN))
    thing = draw(st.sampled_from(things))
    is_told = kind is not AlertKind.ILLEGAL_PARKING
    lasts = draw(st.integers(5, 600))
    is_real = draw(st.integers(0, 9)) > 0
    return Trouble(kind, draw(st.sampled_from(where)), begins, begins + lasts, thing, is_real=is_real, is_told=is_told)


@settings(max_examples=6, deadline=None)
@given(st.lists(troubles(), max_size=25), st.integers(0, 1000))
def test_in_three_weeks_every_case_comes_to_its_end_and_nobody_breaks_the_law(found: list[Trouble], seed: int) -> None:
    work = Work(found, HABITS, seed=seed).run(24 * 21)
    assert work.desk.refused == []
    last_day = [case for case in work.cases() if case.stage not in ENDS]
    assert all(
        (work.begins.timestamp() + 60 * work.minute) - case.reported_at.timestamp() < 86_400 for case in last_day
    )
    for case in work.cases():
        assert rebuilt(work, case) == case
    assert len({case.no for case in work.cases()}) == len(work.cases())
