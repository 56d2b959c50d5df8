"""The simulated past that a demo's forecaster learns from."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from parking.domain.occupancy import Occupancy
from sim.ground import Ground
from sim.past import past_slots
from sim.shipped import load_demand, load_scenario
from sim.street import make_street
from tests.unit.test_street import the_town


def a_past(seed: int = 1, days: int = 2) -> tuple[Occupancy, ...]:
    scenario = load_scenario("demo")
    return past_slots(Ground(the_town(), load_demand(scenario.demand)), scenario, scenario.begins, days, seed)


def test_the_past_has_every_lot_on_every_slot_up_to_now() -> None:
    past, lots = a_past(), the_town().lots
    assert len(past) == 2 * 288 * len(lots)
    assert [one.lot for one in past[: len(lots)]] == [lot.id for lot in lots]
    assert past[-1].at == load_scenario("demo").begins - timedelta(minutes=5)
    assert all(b.at - a.at in (timedelta(0), timedelta(minutes=5)) for a, b in pairwise(past))


def test_the_past_says_that_it_is_simulated_and_stays_within_the_lots() -> None:
    for one in a_past():
        assert one.reason == "simulated"
        assert 0 <= one.taken <= one.capacity


def test_the_past_is_seeded() -> None:
    assert a_past(1) == a_past(1) != a_past(2)


def test_the_past_leads_to_where_the_street_begins() -> None:
    scenario = load_scenario("demo")
    street = make_street(the_town(), scenario, 1, scenario.begins)
    last = {one.lot: one for one in a_past()[-16:]}
    off = [abs(park.taken - last[park.lot.id].taken) / park.capacity for park in street.carparks]
    assert sum(off) / len(off) < 0.08
    assert max(off) < 0.25


def test_evenings_at_the_square_are_fuller_than_nights() -> None:
    square = {one.at: one.taken for one in a_past() if one.lot == "P01"}
    night, evening = (datetime(2026, 5, 1, hour, tzinfo=UTC) for hour in (20, 12))
    assert square[evening] > 1.5 * square[night]
