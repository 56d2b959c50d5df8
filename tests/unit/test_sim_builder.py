"""Built cities: any number of lots by seed, whole towns in every district, busy and not all full."""

import pytest

from parking.towns.fit import check
from parking.towns.load import load_town
from parking.towns.problems import Problems
from sim.builder import Built, build
from sim.ground import Ground
from sim.scenario import Scenario
from sim.shipped import load_demand, load_scenario
from sim.street import Street, make_street

MORNING = load_scenario("stress")


def a_city(lots: int = 20, seed: int = 1) -> Built:
    return build(lots, seed, load_town(), load_demand("fengjie"))


def a_street(city: Built, scenario: Scenario = MORNING) -> Street:
    ground = Ground(city.town, city.demand, city.zones)
    return make_street(ground.town, scenario, 1, scenario.begins, ground.demand, ground.zones)


@pytest.mark.parametrize("lots", [1, 7, 20, 45])
def test_a_built_city_has_what_a_town_from_files_must_have(lots: int) -> None:
    city, problems = a_city(lots), Problems()
    check(city.town, problems)
    assert problems.found == []
    assert len(city.town.lots) == lots
    assert sum(len(zone.lots) for zone in city.zones) == lots


def test_the_seed_makes_the_city() -> None:
    assert a_city() == a_city()
    assert a_city().town.lots != a_city(seed=2).town.lots


def test_a_larger_city_has_the_smaller_ones_districts() -> None:
    small, large = a_city(20), a_city(60)
    assert large.town.lots[:20] == small.town.lots
    assert large.demand.flows[: len(small.demand.flows)] == small.demand.flows


def test_on_a_working_morning_lots_are_busy_and_few_are_full() -> None:
    street = a_street(a_city(60))
    street.advance(street.now + 1800)
    fills = [park.taken / park.capacity for park in street.carparks]
    assert 0.5 <= sum(fills) / len(fills) <= 0.75
    assert 0.03 <= sum(fill >= 0.98 for fill in fills) / len(fills) <= 0.35


def test_no_drivers_way_leaves_a_district() -> None:
    city = a_city(40)
    street = a_street(city)
    street.watch(watched=True)
    street.advance(street.now + 900)
    trips = street.trips
    home = {nth: at for at, zone in enumerate(city.zones) for nth in zone.destinations}
    lots = {nth: at for at, zone in enumerate(city.zones) for nth in zone.lots}
    pairs = zip(trips.destination.tolist(), trips.lot.tolist(), strict=True)
    assert all(home[place] == lots[lot] for place, lot in pairs if lot >= 0)
    assert (trips.lot >= 0).sum() > 50


def test_more_lots_than_any_city_has_are_refused() -> None:
    with pytest.raises(ValueError, match="give 1 to 20000"):
        a_city(20_001)
