"""Laws of alerts over random lives."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parking.codec import encode
from parking.congestion.alerts import Alerts
from parking.congestion.condition import Condition
from parking.congestion.isa import MAY_BECOME
from parking.domain.alert import Alert, AlertKind, AlertState
from parking.domain.case import CaseChanged, Stage
from parking.domain.ids import AlertId, CaseNo, SectionId
from parking.domain.inputs import Acknowledge, Closure, Shelve
from parking.domain.roadstate import RoadLevel
from parking.domain.settings import AlertSettings
from parking.pack import pack, unpack
from tests.makers import CELL, CENTRE, NOON, a_town, at

FIRST = AlertId("A-20260513T040000-jam-R1")
"""The one alert that a word can reach in these lives."""


def a_condition(section: str, level: RoadLevel) -> Condition:
    return Condition(AlertKind.JAM, section, "river", CENTRE, CELL, NOON, f"jam_{level}", {}, level=level)


conditions = st.builds(
    a_condition, st.sampled_from(["R1", "R2"]), st.sampled_from([RoadLevel.LIGHT, RoadLevel.MODERATE, RoadLevel.SEVERE])
)
ticks = st.tuples(st.just("tick"), st.lists(conditions, max_size=2), st.sampled_from([5, 60, 290, 301, 900]))
words = st.tuples(
    st.just("word"),
    st.sampled_from(["acknowledge", "shelve", "plan", "filed", "closed"]),
    st.integers(0, 1200),
)
lives = st.lists(st.one_of(ticks, ticks, words), max_size=40)


def say(alerts: Alerts, what: str, now_s: int, more_s: int) -> None:
    """Somebody speaks about the first alert or its road."""
    said: Any = {
        "acknowledge": Acknowledge(FIRST, "officer", at(now_s)),
        "shelve": Shelve(FIRST, "officer", "works", at(now_s), at(now_s + more_s)),
        "plan": Closure(SectionId("R1"), at(now_s), at(now_s + more_s), "works"),
        "filed": CaseChanged(CaseNo("FJ202605130001"), FIRST, Stage.DISPATCHED, at(now_s)),
        "closed": CaseChanged(CaseNo("FJ202605130001"), FIRST, Stage.CLOSED, at(now_s)),
    }[what]
    alerts.take(said)


def live(alerts: Alerts, life: list[Any], now_s: int = 0) -> tuple[list[tuple[Alert, ...]], int]:
    """What was said on each tick, and the time at the end."""
    said = []
    for what, value, seconds in life:
        if what == "word":
            say(alerts, value, now_s, seconds)
        else:
            said.append(alerts.judge(at(now_s), value))
            now_s += seconds
    return said, now_s


def an_area() -> Alerts:
    return Alerts(a_town(), AlertSettings())


@settings(max_examples=200, deadline=None)
@given(life=lives)
def test_no_life_breaks_the_order_of_states(life: list[Any]) -> None:
    last: dict[AlertId, Alert] = {}
    for versions in live(an_area(), life)[0]:
        for alert in versions:
            before = last.get(alert.id)
            assert alert.version == (1 if before is None else before.version + 1)
            if before is None:
                assert alert.state in (AlertState.RAISED, AlertState.SUPPRESSED)
            else:
                assert alert.state is before.state or alert.state in MAY_BECOME[before.state]
                assert alert.updated_at >= before.updated_at
            assert (alert.cleared_at is None) == alert.is_open
            last[alert.id] = alert


@settings(max_examples=200, deadline=None)
@given(life=lives)
def test_one_corridor_never_has_two_open_alerts(life: list[Any]) -> None:
    alerts, now_s = an_area(), 0
    for step in life:
        _, now_s = live(alerts, [step], now_s)
        assert len(alerts.open()) <= 1


@settings(max_examples=150, deadline=None)
@given(life=lives, cut=st.integers(0, 40))
def test_a_restart_in_the_middle_changes_nothing_afterwards(life: list[Any], cut: int) -> None:
    alerts, restarted = an_area(), an_area()
    _, now_s = live(alerts, life[:cut])
    restarted.load(unpack(pack(alerts.save())))
    assert encode(live(restarted, life[cut:], now_s)[0]) == encode(live(alerts, life[cut:], now_s)[0])


@settings(max_examples=100, deadline=None)
@given(slow=st.lists(st.booleans(), min_size=1, max_size=60))
def test_flicker_faster_than_the_off_delay_raises_at_most_one_alert(slow: list[bool]) -> None:
    breaks = "".join("x" if one else " " for one in slow).strip().split("x")
    if max(map(len, breaks)) * 60 >= AlertSettings().off_delay_s:
        slow = [True] * len(slow)
    life = [("tick", [a_condition("R1", RoadLevel.LIGHT)] if one else [], 60) for one in slow]
    said, _ = live(an_area(), life)
    assert len({alert.id for versions in said for alert in versions}) <= 1


@settings(max_examples=100, deadline=None)
@given(life=lives)
def test_what_is_graded_never_loses_its_grade_while_it_stands(life: list[Any]) -> None:
    last: dict[AlertId, Alert] = {}
    for versions in live(an_area(), life)[0]:
        for alert in versions:
            before = last.get(alert.id)
            rises_again = before is not None and not before.is_open and alert.is_open
            if before is not None and before.grade is not None and not rises_again:
                assert alert.grade is not None
            last[alert.id] = alert
