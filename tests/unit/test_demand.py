"""Who sets out: by flow, by hour, each from a stream of chance of its own."""

from dataclasses import replace

import numpy as np
import pytest

from sim.demand import Arrivals, cars_per_hour
from sim.scenario import Demand, Gathering, Scenario
from sim.shipped import load_demand, load_scenario
from tests.unit.test_street import the_town

DAY = load_scenario("weekday")
DEMAND = load_demand("fengjie")
NINE = int((DAY.begins.replace(hour=9)).timestamp()) // 3600


def drivers(demand: Demand = DEMAND, scenario: Scenario = DAY, hour: int = NINE) -> np.ndarray:
    """A row a driver, in a form in which rows can be looked for."""
    columns = Arrivals(demand, scenario, the_town().calendar, 1).columns_of_hour(hour)
    return np.column_stack([np.asarray(one, float).reshape(len(columns.at), -1) for one in columns])


def of(rows: np.ndarray, destination: str) -> np.ndarray:
    places = [place.id for place in DEMAND.destinations]
    return rows[rows[:, 2] == places.index(destination)]


def test_more_cars_for_one_destination_shift_no_driver_of_any_other() -> None:
    flow = DEMAND.flows[0]
    double = replace(flow, trips={kind: 2 * cars for kind, cars in flow.trips.items()})
    before, after = drivers(), drivers(replace(DEMAND, flows=(double, *DEMAND.flows[1:])))
    assert len(of(after, flow.destination)) > len(of(before, flow.destination))
    for place in {one.destination for one in DEMAND.flows} - {flow.destination}:
        assert np.array_equal(of(before, place), of(after, place))


def test_a_flow_less_shifts_no_driver_of_the_others() -> None:
    gone = DEMAND.flows[-1].destination
    fewer = drivers(replace(DEMAND, flows=tuple(one for one in DEMAND.flows if one.destination != gone)))
    assert len(of(fewer, gone)) == 0
    for place in {one.destination for one in DEMAND.flows} - {gone}:
        assert np.array_equal(of(drivers(), place), of(fewer, place))


def test_a_gathering_adds_its_cars_and_leaves_everybody_else_as_they_are() -> None:
    concert = Gathering("concert", "kuimen-square", "show", 240, 0.0, 240.0, {"west": 1.0})
    at_nine = replace(DAY, begins=DAY.begins.replace(hour=8), gatherings=(concert,))
    plain = replace(at_nine, gatherings=())
    more, before = drivers(scenario=at_nine), drivers(scenario=plain)
    kept = {row.tobytes() for row in before}
    added = [row for row in more if row.tobytes() not in kept]
    assert len(more) == len(before) + len(added)
    assert 30 <= len(added) <= 95  # 60 an hour


def test_an_hour_asked_for_twice_or_in_another_order_is_the_same_hour() -> None:
    arrivals = Arrivals(DEMAND, DAY, the_town().calendar, 1)
    first = arrivals.columns_of_hour(NINE)
    arrivals.columns_of_hour(NINE + 3)
    again = arrivals.columns_of_hour(NINE)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("hour", [3, 9, 18])
def test_as_many_come_as_the_demand_says_over_many_days(hour: int) -> None:
    town, flow = the_town(), max(DEMAND.flows, key=lambda one: sum(one.trips.values()))
    first = int(DAY.begins.replace(hour=hour).timestamp()) // 3600
    hours = [first + 24 * day for day in range(56)]
    arrivals = Arrivals(DEMAND, DAY, town.calendar, 1)
    place = [one.id for one in DEMAND.destinations].index(flow.destination)
    flows = [one for one in DEMAND.flows if one.destination == flow.destination]
    came = sum(int((arrivals.columns_of_hour(one).destination == place).sum()) for one in hours)
    expected = sum(cars_per_hour(DEMAND, DAY, town.calendar, one, when) for one in flows for when in hours)
    assert abs(came - expected) < 4 * np.sqrt(expected) + 1
