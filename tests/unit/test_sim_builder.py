"""Built cities: any number of lots by seed, whole towns in every district, busy and not all full."""

import json
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from parking.cli import app
from parking.domain.lot import Hours
from parking.towns.fit import check
from parking.towns.load import load_town
from parking.towns.problems import Problems
from parking.towns.write import write_town
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


@pytest.mark.parametrize("lots", [1, 20, 45])
def test_a_city_written_as_a_folder_is_read_back_the_same(lots: int, tmp_path: Path) -> None:
    city = a_city(lots).town
    write_town(city, tmp_path)
    assert load_town(tmp_path) == city
    assert load_town(tmp_path).calendar == city.calendar


def test_the_shipped_town_survives_being_written(tmp_path: Path) -> None:
    write_town(load_town(), tmp_path)
    assert load_town(tmp_path) == load_town()
    roads = json.loads((tmp_path / "basemap.geojson").read_text("utf-8"))["features"]
    assert len(roads) == len(load_town().sections)


def test_texts_of_any_kind_survive_a_towns_files(tmp_path: Path) -> None:
    lot = replace(a_city(1).town.lots[0], name='"引号" \\ 与换行\n', hours=Hours(time(22), time(6)), height_m=2.1)
    city = replace(a_city(1).town, lots=(lot,))
    write_town(city, tmp_path)
    assert load_town(tmp_path) == city


def build_folder(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["sim", "build", str(folder), *words], env={"COLUMNS": "200"})


def test_the_command_line_builds_a_town_and_says_how_to_run_it(tmp_path: Path) -> None:
    result = build_folder(tmp_path / "city", "--lots", "25", "--seed", "7")
    assert result.exit_code == 0, result.output
    assert load_town(tmp_path / "city") == a_city(25, 7).town
    assert f"PARKING_TOWN={tmp_path / 'city'}" in result.stdout
    assert "--lots 25 --seed 7" in result.stdout


def test_a_folder_that_holds_a_town_is_left_alone(tmp_path: Path) -> None:
    assert build_folder(tmp_path, "--lots", "2").exit_code == 0
    before = (tmp_path / "lots.toml").read_bytes()
    again = build_folder(tmp_path, "--lots", "3")
    assert again.exit_code == 2
    assert "holds a town already" in again.output
    assert (tmp_path / "lots.toml").read_bytes() == before


def test_hardware_of_another_city_than_the_services_is_refused(tmp_path: Path) -> None:
    build_folder(tmp_path, "--lots", "20", "--seed", "2")
    words = ["sim", "street", "weekday", "--broker", "mqtt://127.0.0.1:9", "--lots", "20", "--town", str(tmp_path)]
    result = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "built-20-2" in result.output
