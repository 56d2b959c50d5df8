"""From what is wrong to one alert, its grades and its end."""

from typing import Any

import pytest

from parking.congestion.alerts import Alerts
from parking.congestion.condition import Condition
from parking.domain.alert import Alert, AlertKind, AlertState, Grade
from parking.domain.case import CaseChanged, Stage
from parking.domain.ids import AlertId, CaseNo, LotId, SectionId
from parking.domain.inputs import Acknowledge, Closure, Event, Shelve
from parking.domain.roadstate import ROAD_LEVELS, RoadLevel
from parking.domain.settings import AlertSettings
from tests.makers import CELL, CENTRE, NOON, a_town, at

LIGHT, MODERATE, SEVERE = RoadLevel.LIGHT, RoadLevel.MODERATE, RoadLevel.SEVERE


def a_jam(level: RoadLevel | None = SEVERE, section: str = "R1", corridor: str = "river", **changes: Any) -> Condition:  # noqa: ANN401 -- a condition's fields
    fields: dict[str, Any] = {
        "kind": AlertKind.JAM,
        "subject": section,
        "corridor": corridor,
        "place": CENTRE,
        "cell": CELL,
        "since": NOON,
        "reason": f"jam_{level}",
        "evidence": {} if level is None else {"level": float(ROAD_LEVELS.index(level))},
        "level": level,
    }
    return Condition(**fields | changes)


def a_queue(metres: float = 70.0) -> Condition:
    return a_jam(
        kind=AlertKind.LOT_QUEUE, section="P01", corridor="P01", level=None, queue_m=metres, reason="full_with_queue"
    )


class Desk:
    """Alerts turned tick by tick; what was said is kept."""

    def __init__(self) -> None:
        self.alerts = Alerts(a_town(), AlertSettings())
        self.now_s = 0
        self.said: list[Alert] = []

    def live(self, minutes: float, *conditions: Condition) -> list[Alert]:
        """So many minutes with these conditions; the new versions."""
        first = len(self.said)
        for _ in range(round(minutes * 12)):
            self.said.extend(self.alerts.judge(at(self.now_s), conditions))
            self.now_s += 5
        return self.said[first:]

    @property
    def last(self) -> Alert:
        return self.said[-1]


def test_a_jam_is_raised_once_without_a_grade() -> None:
    desk = Desk()
    (alert,) = desk.live(4, a_jam())
    assert (alert.id, alert.version, alert.state, alert.grade) == (
        "A-20260513T040000-jam-R1",
        1,
        AlertState.RAISED,
        None,
    )
    assert desk.alerts.open() == (alert,)


@pytest.mark.parametrize(
    ("level", "minutes", "grade"),
    [
        (LIGHT, 15, None),
        (LIGHT, 16, Grade.IV),
        (LIGHT, 200, Grade.IV),
        (MODERATE, 16, Grade.III),
        (SEVERE, 5, None),
        (SEVERE, 6, Grade.III),
        (SEVERE, 31, Grade.II),
        (SEVERE, 61, Grade.I),
    ],
)
def test_a_jam_is_graded_as_it_lasts(level: RoadLevel, minutes: float, grade: Grade | None) -> None:
    desk = Desk()
    desk.live(minutes, a_jam(level))
    assert desk.last.grade == grade


def test_every_new_grade_is_a_version_with_its_numbers() -> None:
    desk = Desk()
    desk.live(70, a_jam())
    assert [(alert.version, alert.grade) for alert in desk.said] == [
        (1, None),
        (2, Grade.III),
        (3, Grade.II),
        (4, Grade.I),
    ]
    assert desk.last.evidence == {"level": 4.0, "lasted_min": 60.1}
    assert desk.last.reason == "jam_severe"


def test_a_jam_that_eases_keeps_a_grade_while_it_lasts() -> None:
    desk = Desk()
    desk.live(10, a_jam(SEVERE))
    desk.live(6, a_jam(LIGHT))
    assert (desk.last.grade, desk.last.reason) == (Grade.IV, "jam_light")


def test_a_long_queue_is_grave_at_once_and_a_lasting_one_after_a_while() -> None:
    for metres, minutes, grade in [(70, 4, None), (70, 6, Grade.III), (1001, 1, Grade.II), (2001, 1, Grade.I)]:
        desk = Desk()
        desk.live(minutes, a_queue(metres))
        assert desk.last.grade == grade


def test_sections_of_one_corridor_are_one_alert_that_grows() -> None:
    desk = Desk()
    desk.live(1, a_jam(LIGHT, "R1"))
    desk.live(1, a_jam(LIGHT, "R1"), a_jam(SEVERE, "R2"), a_jam(SEVERE, "R9", corridor="hill"))
    river = [alert for alert in desk.said if alert.subject == "R1"]
    assert [(alert.version, alert.reason) for alert in river] == [(1, "jam_light"), (2, "jam_severe")]
    assert river[-1].evidence["members"] == 2
    assert len(desk.alerts.open()) == 2


def test_a_broken_device_is_grave_and_a_silent_one_is_not() -> None:
    silent = a_jam(kind=AlertKind.SENSOR_SILENT, section="gate-P01", corridor="P01", level=None, reason="sensor_silent")
    broken = a_jam(
        kind=AlertKind.SENSOR_SILENT,
        section="gate-P01",
        corridor="P01",
        level=None,
        reason="sensor_offline",
        broken=True,
    )
    desk = Desk()
    desk.live(10, silent)
    desk.live(1, broken)
    assert [(alert.grade, alert.reason) for alert in desk.said] == [
        (None, "sensor_silent"),
        (Grade.III, "sensor_offline"),
    ]


def test_what_is_gone_for_five_minutes_has_returned() -> None:
    desk = Desk()
    desk.live(1, a_jam())
    assert desk.live(4.9) == []
    (ended,) = desk.live(1)
    assert (ended.state, ended.cleared_at) == (AlertState.RETURNED, ended.updated_at)
    assert desk.alerts.open() == ()


def test_trouble_that_comes_back_within_five_minutes_is_the_same_alert() -> None:
    desk = Desk()
    for _ in range(10):
        desk.live(1, a_jam())
        desk.live(4)
    assert {alert.id for alert in desk.said} == {"A-20260513T040000-jam-R1"}
    assert AlertState.RETURNED not in {alert.state for alert in desk.said}


def test_an_acknowledged_alert_clears_when_it_is_over() -> None:
    desk = Desk()
    desk.live(1, a_jam())
    desk.alerts.take(Acknowledge(desk.last.id, "officer", at(60)))
    (seen,) = desk.live(1, a_jam())
    assert (seen.state, seen.acknowledged_by) == (AlertState.ACKNOWLEDGED, "officer")
    desk.live(6)
    assert desk.last.state is AlertState.CLEARED


def test_an_alert_that_returned_unseen_clears_when_it_is_seen() -> None:
    desk = Desk()
    desk.live(1, a_jam())
    desk.live(6)
    desk.alerts.take(Acknowledge(desk.last.id, "officer", at(420)))
    (seen,) = desk.live(1)
    assert (seen.state, seen.acknowledged_by) == (AlertState.CLEARED, "officer")
    assert desk.live(60) == []


def test_a_shelved_alert_comes_back_by_itself() -> None:
    desk = Desk()
    desk.live(1, a_jam())
    desk.alerts.take(Shelve(desk.last.id, "officer", "works", at(60), at(300)))
    assert [alert.state for alert in desk.live(1, a_jam())] == [AlertState.SHELVED]
    back = [alert for alert in desk.live(5, a_jam()) if alert.state is AlertState.RAISED]
    assert back[0].updated_at == at(300)


@pytest.mark.parametrize(
    "plan",
    [
        Closure(SectionId("R1"), at(-60), at(600), "works"),
        Event("concert", ("R1", "P01"), at(-60), at(600)),
    ],
)
def test_what_was_planned_is_suppressed_and_says_so(plan: Closure | Event) -> None:
    desk = Desk()
    desk.alerts.take(plan)
    (alert,) = desk.live(4, a_jam())
    assert alert.state is AlertState.SUPPRESSED
    desk.live(7, a_jam())
    assert AlertState.RAISED in {said.state for said in desk.said}, "the plan is over, the jam is not"


def test_a_lots_trouble_is_expected_when_its_road_is_closed() -> None:
    desk = Desk()
    desk.alerts.take(Closure(SectionId("R1"), at(-60), at(600), "works"))
    assert [alert.state for alert in desk.live(1, a_queue())] == [AlertState.SUPPRESSED]


def test_a_plan_for_elsewhere_suppresses_nothing() -> None:
    desk = Desk()
    desk.alerts.take(Closure(LotId("P09"), at(-60), at(600), "works"))
    assert [alert.state for alert in desk.live(1, a_jam())] == [AlertState.RAISED]


def a_case_step(alert: AlertId, stage: Stage) -> CaseChanged:
    return CaseChanged(CaseNo("FJ202605130001"), alert, stage, at(0))


def test_while_its_case_is_open_trouble_rises_again_under_its_old_name() -> None:
    desk = Desk()
    desk.live(6, a_jam())
    desk.alerts.take(a_case_step(desk.last.id, Stage.DISPATCHED))
    desk.live(1, a_jam())
    assert desk.last.case_no == "FJ202605130001"
    desk.live(60)
    again = desk.live(1, a_jam(since=at(4000)))
    assert [(alert.id, alert.state, alert.onset_at) for alert in again] == [
        ("A-20260513T040000-jam-R1", AlertState.RAISED, at(4000))
    ]
    assert again[0].case_no == "FJ202605130001"


def test_after_its_case_is_closed_trouble_is_a_new_alert() -> None:
    desk = Desk()
    desk.live(6, a_jam())
    desk.alerts.take(a_case_step(desk.last.id, Stage.DISPATCHED))
    desk.live(10)
    desk.alerts.take(a_case_step(desk.last.id, Stage.CLOSED))
    desk.live(10)
    assert desk.live(1, a_jam())[0].id != "A-20260513T040000-jam-R1"


def test_words_about_an_alert_nobody_knows_change_nothing() -> None:
    desk = Desk()
    desk.alerts.take(Acknowledge(AlertId("A-none"), "officer", NOON))
    desk.alerts.take(CaseChanged(CaseNo("FJ202605130001"), None, Stage.CLOSED, NOON))
    assert desk.live(1) == []


def test_alerts_nobody_looks_at_are_forgotten_after_a_day() -> None:
    desk = Desk()
    desk.live(1, a_jam())
    desk.live(60 * 24 + 10)
    assert "A-2026" not in desk.alerts.save()
