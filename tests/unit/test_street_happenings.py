"""What happens on the street: incidents, closings, gatherings, officers; and what drivers make of hills and habits."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sim.core.fields import M_USUAL, M_WIDTH, R_LOST, R_WIDTH
from sim.scenario import Closing, Demand, Gathering, Incident, IncidentKind, Scenario
from sim.shipped import load_demand, load_scenario
from sim.street import Street
from tests.unit.staged import fill_up
from tests.unit.test_street import the_town

LOTS = [str(lot.id) for lot in the_town().lots]
SECTIONS = [str(section.id) for section in the_town().sections]
EVENING = load_scenario("incident")


def a_street(
    scenario: Scenario = EVENING, minutes: float = 0, demand: Demand | None = None, **changes: object
) -> Street:
    given = replace(scenario, incidents=(), **changes)  # type: ignore[arg-type]  # fields of Scenario
    begins = (given.begins - timedelta(minutes=20)).timestamp()
    street = Street(the_town(), demand or load_demand("fengjie"), given, 1, begins)
    street.advance(given.begins.timestamp() + 60 * minutes)
    return street


def speed(street: Street, section: str) -> float:
    return street.traffic.speed_kmh[SECTIONS.index(section)]


def passed(street: Street, section: str) -> float:
    return street.traffic.passed[SECTIONS.index(section)]


def came(street: Street, lot: str) -> int:
    return street.carparks[LOTS.index(lot)].entered


def with_crash(minutes: float, blocked: float = 0.8) -> Street:
    crash = Incident("R2", IncidentKind.CRASH, 5.0, 30.0, blocked)
    begins = (EVENING.begins - timedelta(minutes=20)).timestamp()
    street = Street(the_town(), load_demand("fengjie"), replace(EVENING, incidents=(crash,)), 1, begins)
    street.advance(EVENING.begins.timestamp() + 60 * minutes)
    return street


def test_a_crash_slows_its_section_and_the_road_recovers_when_it_is_over() -> None:
    assert speed(with_crash(4), "R2") == speed(a_street(minutes=4), "R2")
    assert speed(with_crash(20), "R2") < 0.6 * speed(a_street(minutes=20), "R2")
    assert speed(with_crash(60), "R2") > 0.9 * speed(a_street(minutes=60), "R2")


def test_a_unit_on_the_spot_clears_a_crash_early_and_no_landslide() -> None:
    street = with_crash(10)
    assert street.clear("R2") == 1
    assert street.ledger.state.r[SECTIONS.index("R2") * R_WIDTH + R_LOST] == 0.0
    assert street.clear("R2") == 0
    slide = replace(EVENING, incidents=(Incident("R3", IncidentKind.LANDSLIDE, 0.0, 60.0, 1.0),))
    buried = Street(the_town(), load_demand("fengjie"), slide, 1, EVENING.begins.timestamp())
    buried.advance(buried.now + 60)
    assert buried.clear("R3") == 0


def test_nobody_passes_a_closed_section_and_lots_on_it_are_reached_all_the_same() -> None:
    closed, open_ = (a_street(minutes=60, closings=given) for given in ((Closing("R3", 5.0, 60.0),), ()))
    began = a_street(minutes=6, closings=(Closing("R3", 5.0, 60.0),))
    through = passed(closed, "R3") - passed(began, "R3")
    assert through < 0.5 * (passed(open_, "R3") - passed(began, "R3"))
    assert came(closed, "P06") - came(began, "P06") > 10  # the hospital's lot lies on it
    assert closed.counts.gave_up == open_.counts.gave_up


def test_a_closed_lot_takes_nobody_until_it_opens() -> None:
    given = (Closing("P03", 0.0, 30.0),)
    street = a_street(minutes=1, closings=given)
    assert street.carparks[LOTS.index("P03")].is_shut
    before = came(street, "P03")
    street.advance(street.now + 28 * 60)
    assert came(street, "P03") == before
    street.advance(street.now + 20 * 60)
    assert came(street, "P03") > before
    assert not street.carparks[LOTS.index("P03")].is_shut


def test_a_closing_that_began_before_the_run_holds_from_its_first_second() -> None:
    street = a_street(minutes=-19, closings=(Closing("P03", -120.0, 60.0),))
    assert street.carparks[LOTS.index("P03")].is_shut


def test_the_end_of_one_lots_closing_opens_no_other_that_was_shut_without_notice() -> None:
    street = a_street(minutes=1, closings=(Closing("P03", 0.0, 5.0),))
    street.carparks[LOTS.index("P01")].is_shut = True
    street.advance(street.now + 600)
    assert street.carparks[LOTS.index("P01")].is_shut
    assert not street.carparks[LOTS.index("P03")].is_shut


def test_a_gathering_brings_its_cars_and_changes_nobody_else() -> None:
    fair = Gathering("fair", "promenade", "shop", 400.0, 0.0, 60.0, {"west": 1.0, "east": 1.0})
    with_it, without = a_street(minutes=-20, gatherings=(fair,)), a_street(minutes=-20)
    for street in (with_it, without):
        street.watch(watched=True)
        street.advance(EVENING.begins.timestamp() + 3700)
    here = [set(zip(one.trips.at.tolist(), one.trips.destination.tolist(), strict=True)) for one in (with_it, without)]
    assert here[0] > here[1]
    more = here[0] - here[1]
    assert 340 <= len(more) <= 460
    promenade = [place.id for place in load_demand("fengjie").destinations].index("promenade")
    assert {place for _, place in more} == {promenade}


def test_twice_the_scale_is_twice_the_cars() -> None:
    one, two = a_street(minutes=60), a_street(minutes=60, scale=2.0)
    assert 1.8 < two.counts.set_out / one.counts.set_out < 2.2


def test_where_an_officer_stands_nobody_waits_on_the_carriageway() -> None:
    street = a_street(load_scenario("demo"), minutes=25)
    p15 = street.carparks[LOTS.index("P15")]
    assert p15.waiting > p15.lot.queue_room
    street.guard("P15", street.now + 600)
    assert p15.waiting <= p15.lot.queue_room
    for _ in range(60):
        street.advance(street.now + 10)
        assert p15.spilled_m() == 0


def test_nobody_waits_at_a_kerb_and_others_do_at_a_gate() -> None:
    street = a_street(load_scenario("holiday"), minutes=90)
    assert street.carparks[LOTS.index("P02")].taken >= 0.95 * street.carparks[LOTS.index("P02")].capacity
    waited = dict.fromkeys(("P02", "P03"), 0)
    for _ in range(60):
        street.advance(street.now + 10)
        for lot in waited:
            waited[lot] = max(waited[lot], street.carparks[LOTS.index(lot)].waiting)
    assert waited["P02"] == 0 < waited["P03"]


def without_habits(street: Street) -> Street:
    """Until the next full hour nobody knows what is usual."""
    columns = street.ledger.state.m
    for row in range(0, len(columns), M_WIDTH):
        columns[row + M_USUAL] = 0.0
    return street


@pytest.mark.parametrize(("local_share", "differs"), [(1.0, True), (0.0, False)])
def test_locals_stay_away_from_what_is_usually_full_and_visitors_do_not_know(local_share: float, differs: bool) -> None:
    demand = load_demand("fengjie")
    reasons = {name: replace(one, local_share=local_share) for name, one in demand.reasons.items()}
    nine = load_scenario("weekday").begins.replace(hour=9, minute=0).timestamp()
    ground = replace(demand, reasons=reasons)
    knowing, naive = (Street(the_town(), ground, load_scenario("weekday"), 1, nine) for _ in "ab")
    without_habits(naive)
    for street in (knowing, naive):
        street.advance(nine + 3500)
    assert (came(knowing, "P11") < came(naive, "P11")) == differs
    assert ([one.entered for one in knowing.carparks] != [one.entered for one in naive.carparks]) == differs


def test_who_must_climb_from_a_lot_rather_takes_one_on_the_level() -> None:
    demand = load_demand("fengjie")
    hilly = replace(demand, elevation_m={**demand.elevation_m, "P01": 100.0})
    level, steep = (a_street(load_scenario("holiday"), minutes=20, demand=one) for one in (demand, hilly))
    assert came(steep, "P01") < came(level, "P01")


def test_a_full_lot_sends_people_on_and_after_five_of_them_they_leave_town_and_are_counted() -> None:
    street = a_street(load_scenario("holiday"), minutes=-20)
    for nth in range(len(LOTS)):
        fill_up(street, nth, leaving_at=street.now + 86_400)
    street.watch(watched=True)
    street.advance(street.now + 5400)
    trips = street.trips
    gone = np.isfinite(trips.settled_at) & (trips.lot < 0)
    assert gone.sum() == street.counts.gave_up > 100
    assert trips.failures.max() == 5
    assert (trips.failures[gone] <= 5).all()
    assert trips.failures.sum() == street.counts.turned_away
