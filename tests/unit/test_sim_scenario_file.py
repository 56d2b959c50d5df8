"""Scenario files: read when right; every error at once, with its line and what to do, when not."""

from datetime import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parking.cli import app
from parking.domain.errors import BadTown
from parking.domain.town import Town
from parking.towns.load import load_town
from sim.builder import build
from sim.faults import FaultKind
from sim.faults_pick import picked
from sim.faultsets import NAMES, fault_set
from sim.ground import ground_of, on_built_ground
from sim.scenario import Closing, Demand, IncidentKind, Scenario
from sim.scenario_file import scenario_of
from sim.shipped import list_scenarios, load_demand, load_scenario, read_scenario

HEAD = """name = "x"
title = "某日"
title_en = "A day"
demand = "fengjie"
begins = 2026-05-02T10:00:00+08:00
warm_up_h = 1
compliance = 0.6
"""


def the_town() -> Town:
    return load_town()


def the_demand() -> Demand:
    return load_demand("fengjie")


def read(text: str) -> tuple[Scenario | None, tuple[str, ...]]:
    return scenario_of(text, "x.toml", the_town(), the_demand())


def test_a_file_says_what_happens_where_when_and_for_how_long() -> None:
    text = (
        HEAD
        + """scale = 2
[factors]
sight = 1.5
[[incident]]
section = "R2"
kind = "crash"
blocked_share = 0.8
begins_min = 25
lasts_min = 20
[[closing]]
subject = "P13"
begins = 11:00:00
ends = 12:30:00
is_told = false
[[gathering]]
name = "fair"
destination = "promenade"
reason = "shop"
cars = 300
begins_min = -30
ends_min = 60
origins = { west = 1, east = 3 }
"""
    )
    found, problems = read(text)
    assert problems == ()
    assert found is not None
    assert (found.scale, found.hours, dict(found.factors)) == (2.0, 3.0, {"sight": 1.5})
    (crash,) = found.incidents
    assert (crash.section, crash.kind, crash.begins, crash.ends) == ("R2", IncidentKind.CRASH, 25.0, 45.0)
    assert found.closings == (Closing("P13", time(11), time(12, 30), is_told=False),)
    (fair,) = found.gatherings
    assert (fair.cars, fair.begins, fair.ends, fair.origins["east"]) == (300.0, -30.0, 60.0, 3.0)


def test_every_error_is_told_at_once_with_its_line_and_a_remedy() -> None:
    text = """name = "x"
title = "某日"
title_en = "A day"
demand = "fengjie"
begins = 2026-05-02T10:00:00
comliance = 0.6
compliance = 1.6

[factors]
sights = 1.2

[[incident]]
section = "R11"
kind = "crahs"
blocked_share = 0.5
lasts_min = 20

[[gathering]]
name = "fair"
destination = "promenad"
reason = "shop"
cars = 0
begins_min = 10
lasts_min = 60
origins = { wets = 1 }

[[fault]]
kind = "droped"
"""
    found, problems = read(text)
    assert found is None
    wanted = (
        (5, "with its zone"),
        (6, "did you mean 'compliance'"),
        (7, "give 0 to 1"),
        (1, "warm_up_h is missing"),
        (10, "give 'sight'"),
        (13, "there is no section 'R11'; give 'R1'"),
        (14, "there is no kind 'crahs'; give 'crash'"),
        (20, "give 'promenade'"),
        (22, "cars is 0; give 1 to 100000"),
        (25, "there is no origins 'wets'; give 'west'"),
        (28, "give 'dropped'"),
    )
    for line, what in wanted:
        assert any(one.startswith(f"x.toml:{line}:") and what in one for one in problems), (line, what, problems)
    assert len(problems) == len(wanted)


def test_what_is_no_toml_is_told_with_its_line() -> None:
    found, problems = read("name = \n")
    assert found is None
    assert "line 1" in problems[0]


def test_an_incident_without_end_is_asked_for_one() -> None:
    _, problems = read(HEAD + '[[incident]]\nsection = "R2"\nkind = "works"\nblocked_share = 0.5\n')
    assert "has no end; give lasts_min" in problems[0]


def test_every_shipped_scenario_is_right_and_says_why_in_comments() -> None:
    for name in list_scenarios():
        assert load_scenario(name).name == name
        text = (Path(__file__).parents[2] / "sim" / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
        assert text.startswith("# ")


def test_a_scenario_may_be_anybodys_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(HEAD, encoding="utf-8")
    assert load_scenario(str(mine)).title == "某日"
    mine.write_text(HEAD + "compliant = 1", encoding="utf-8")
    result = CliRunner().invoke(app, ["sim", "check", str(mine)])
    assert result.exit_code == 1
    assert "mine.toml:8: there is no 'compliant'" in result.output
    assert CliRunner().invoke(app, ["sim", "check", "works"]).exit_code == 0


def test_a_built_city_needs_its_lots_and_an_unknown_demand_is_answered_with_those_there_are() -> None:
    assert read(HEAD.replace('"fengjie"', '"built"'))[0] is None
    with pytest.raises(BadTown, match="there are"):
        load_scenario("atlantis")
    assert read_scenario("stress")[0] is not None


def test_sets_of_faults_fit_any_town_and_the_seed_says_which_of_many() -> None:
    city = build(25, 2, the_town(), the_demand()).town
    for town in (the_town(), city):
        for name in NAMES:
            faults = fault_set(name, town)
            assert bool(faults) == (name != "none")
            assert picked(faults, town, 1) == picked(faults, town, 1)
    stuck = [one for one in picked(fault_set("hard", city), city, 1) if one.kind is FaultKind.STUCK]
    assert [len(one.who) for one in stuck] == [3, 2]
    assert all("*" not in who for one in stuck for who in one.who)
    others = [picked(fault_set("hard", city), city, seed) for seed in (1, 2, 3)]
    assert len({str(one) for one in others}) > 1


def test_a_scenario_taken_to_a_built_city_leaves_behind_what_has_no_place_there() -> None:
    scenario, dropped = on_built_ground(load_scenario("evening-event"), 30)
    assert len(ground_of(scenario, the_town(), 3).town.lots) == 30
    assert scenario.gatherings == scenario.incidents == ()
    assert dropped == ("incident on R1", "gathering concert")
