"""Alerts held against what really went wrong."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sim.episodes import CLOSED, GAP_S, JAM, QUEUE, Episode, Episodes
from sim.scenario import Closing
from sim.shipped import load_demand, load_scenario
from sim.street import Street
from sim.verdict import Alarm, by_kind, verdict
from tests.unit.test_street import the_town

BEGINS, ENDS = 0, 7200
R2 = Episode(JAM, "R2", 1000, 1600)
P15 = Episode(QUEUE, "P15", 3000, 3400)


def judged(*alarms: Alarm, episodes: tuple[Episode, ...] = (R2, P15)) -> tuple[float | None, ...]:
    return tuple(verdict(the_town(), episodes, alarms, BEGINS, ENDS).values())


def seen(*runs: tuple[int, int]) -> list[Episode]:
    episodes = Episodes(the_town())
    for first, last in runs:
        for at in range(first, last + 1, 5):
            episodes.see(JAM, "R2", at)
    return list(episodes.found())


def test_a_jam_counts_from_five_minutes_on_and_short_breaks_do_not_end_it() -> None:
    assert [one.is_ripe for one in seen((0, 295))] == [False]
    assert [one.is_ripe for one in seen((0, 300))] == [True]
    (whole,) = seen((0, 200), (200 + GAP_S, 500))
    assert (whole.begins, whole.ends, whole.is_ripe) == (0, 500, True)
    assert len(seen((0, 200), (205 + GAP_S, 500))) == 2


def test_found_right_and_late_are_told_from_the_first_slow_instant_on() -> None:
    jam, queue = Alarm(JAM, "R2", 1090, None), Alarm(QUEUE, "P15", 3030, 3900)
    assert judged(jam, queue) == (1.0, 1.0, 60.0, 0.0)
    assert judged(jam) == (0.5, 1.0, 90.0, 0.0)
    assert judged() == (0.0, None, None, 0.0)


def test_an_alert_for_nothing_is_false_and_one_that_was_over_before_is_none_for_it() -> None:
    early = Alarm(JAM, "R2", 100, 300)
    found, right, delay, false = judged(early)
    assert (found, right, delay) == (0.0, 0.0, None)
    assert false == 1 / (len(the_town().sections) * 2)


def test_an_alert_that_stands_already_finds_what_comes_and_a_brief_trouble_counts_for_nobody() -> None:
    assert judged(Alarm(JAM, "R2", 500, None), episodes=(R2,))[2] == 0.0
    brief = Episode(JAM, "R2", 1000, 1100)
    assert judged(Alarm(JAM, "R2", 1050, 1200), episodes=(brief,)) == (None, None, None, 0.0)


def test_alerts_about_devices_and_filling_lots_are_not_judged_and_who_tells_nobody_has_no_figures() -> None:
    assert judged(Alarm("sensor_silent", "gate-P01", 1000, None)) == judged()
    assert set(verdict(the_town(), (R2,), None, BEGINS, ENDS).values()) == {None}


@given(raised=st.lists(st.integers(0, 7000), max_size=8))
def test_one_right_alert_more_never_lowers_what_was_found(raised: list[int]) -> None:
    alarms = [Alarm(JAM, "R2", at, at + 60) for at in raised]
    before, after = judged(*alarms)[0], judged(*alarms, Alarm(JAM, "R2", 1100, None))[0]
    assert before is not None
    assert after is not None
    assert after >= before


def test_kinds_are_told_apart_with_what_was_missed() -> None:
    slide = Episode(CLOSED, "R3", 500, 6000)
    kinds = by_kind(the_town(), (R2, P15, slide), (Alarm(JAM, "R2", 1090, None), Alarm(QUEUE, "P01", 10, 20)), 0, 7200)
    assert (kinds[JAM].found, kinds[JAM].missed, kinds[JAM].delays_s) == (1, 0, (90.0,))
    assert (kinds[QUEUE].missed, kinds[QUEUE].false) == (1, 1)
    assert (kinds[CLOSED].episodes, kinds[CLOSED].missed) == (1, 1)


def test_the_street_itself_tells_of_jams_queues_and_closed_streets() -> None:
    given = replace(load_scenario("demo"), closings=(Closing("R3", 5.0, 30.0),))
    begins = given.begins.timestamp()
    street, episodes = Street(the_town(), load_demand("fengjie"), given, 1, begins - 3600), Episodes(the_town())
    for at in range(int(begins) - 3000, int(begins) + 3600, 5):
        street.advance(at)
        episodes.look(street, at)
    ripe = [one for one in episodes.found() if one.is_ripe]
    assert ("road_closed", "R3") in {(one.kind, one.subject) for one in ripe}
    closed = next(one for one in ripe if one.kind == CLOSED)
    assert (closed.begins - begins, closed.ends - begins) == (300, 1795)
    assert (QUEUE, "P15") in {(one.kind, one.subject) for one in ripe}
