"""`parking sim run`: the same drivers under several policies, without wires."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from parking.cli import app
from parking.cli_sim_engine import EnginePolicy
from parking.cli_sim_run import table
from parking.cli_sim_turn import POLICIES
from parking.codec import digest
from parking.domain.guidance import Guidance
from sim.dry import DryRun, Outcome
from sim.ground import Ground
from sim.notary import fingerprint
from sim.shipped import load_demand, load_scenario
from tests.street.lab import Lab
from tests.unit.test_street import the_town

HOURS = 0.05
THE_GROUND = Ground(the_town(), load_demand("fengjie"))
KEYS = {
    "search_s_mean", "search_s_p95", "failures_per_driver", "cruising_km_mean", "walk_m_mean", "not_parked_share",
    "door_to_door_s_mean", "spillback_min", "jammed_section_min", "followed_to_full_share", "changes_per_lot_hour",
    "occupancy_mae_share", "alerts_found_share", "alerts_right_share", "alerts_delay_s_mean",
    "alerts_false_per_section_hour",
}  # fmt: skip


def a_turn(policy: str, minutes: int = 3) -> Outcome:
    """A short run that follows nobody after its end."""
    scenario = load_scenario("demo")
    run = DryRun(THE_GROUND, scenario, 1, POLICIES[policy](THE_GROUND, scenario, 1, ()), minutes / 60)
    run.longest_after_s = 0
    return run.run()


@cache
def a_document() -> dict[str, Any]:
    words = ["sim", "run", "demo", "--policy", "none,margin,engine", "--seeds", "2", "--hours", str(HOURS), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_one_document_has_every_measure_of_every_policy_by_seed() -> None:
    found = a_document()
    assert found["scenario"] == "demo"
    assert found["seeds"] == [1, 2]
    assert list(found["policies"]) == ["none", "margin", "engine"]
    for measures in found["policies"].values():
        assert measures.keys() >= KEYS
        assert all(set(one) == {"mean", "sd", "by_seed"} and len(one["by_seed"]) == 2 for one in measures.values())
        assert all(value > 0 for value in measures["door_to_door_s_mean"]["by_seed"])
    assert len(found["truth_sha256"]) == len(found["decisions_sha256"]) == 64


def test_pairs_are_the_ratios_of_the_seeds() -> None:
    found = a_document()
    ours, theirs = (found["policies"][name]["door_to_door_s_mean"]["by_seed"] for name in ("engine", "margin"))
    pair = found["paired"]["engine/margin"]["door_to_door_s_mean"]
    assert pair["ratio_by_seed"] == pytest.approx([a / b for a, b in zip(ours, theirs, strict=True)])
    assert pair["ratio_mean"] == pytest.approx(sum(pair["ratio_by_seed"]) / 2)
    assert found["paired"].keys() == {"none/margin", "engine/none", "engine/margin"}


def test_the_same_drivers_meet_every_policy_and_other_ones_every_seed() -> None:
    runs = a_document()["runs"]
    by_policy = [[one["drivers_sha256"] for one in of_one] for of_one in runs.values()]
    assert by_policy[0] == by_policy[1] == by_policy[2]
    assert by_policy[0][0] != by_policy[0][1]
    truths = {one["truth_sha256"] for of_one in runs.values() for one in of_one}
    assert len(truths) == 6


@pytest.mark.parametrize("policy", list(POLICIES))
def test_the_same_seed_twice_gives_the_same_truth_readings_and_decisions(policy: str) -> None:
    assert a_turn(policy) == a_turn(policy)


def test_who_follows_no_sign_meets_the_same_street_under_every_policy() -> None:
    words = ["sim", "run", "demo", "--policy", "none,count", "--hours", "0.02", "--compliance", "0", "--json"]
    found = json.loads(CliRunner().invoke(app, words).stdout)
    assert found["compliance"] == 0
    none, count = (found["runs"][name][0] for name in ("none", "count"))
    assert none["truth_sha256"] == count["truth_sha256"]
    assert none["decisions_sha256"] != count["decisions_sha256"]


async def test_the_engine_without_stores_sees_and_says_what_the_whole_house_does() -> None:
    lab = Lab("demo", 1)
    told: list[Guidance] = []
    lab.decide._show = lambda guidance: (told.extend(guidance), lab.sent.extend(guidance))  # type: ignore[assignment, func-returns-value]
    await lab.run(4)
    policy = EnginePolicy(the_town())
    dry = DryRun(THE_GROUND, load_scenario("demo"), 1, policy, 1.0)
    for second in range(dry._begins + 1, dry._begins + 241):
        dry._second(second)
    assert fingerprint(dry._street) == fingerprint(lab.street)
    assert dry._street.lamps == lab.street.lamps
    ours, theirs = policy._engine.picture(), lab.engine.picture()
    assert ours is not None
    assert theirs is not None
    assert told
    assert digest(ours) == digest(theirs)


def test_a_scenarios_faults_reach_every_policy_and_touch_no_driver() -> None:
    sound, faulty = replace(load_scenario("hard-faults"), faults=()), load_scenario("hard-faults")
    runs = []
    for scenario in (sound, faulty):
        run = DryRun(THE_GROUND, scenario, 1, POLICIES["margin"](THE_GROUND, scenario, 1, ()), 0.2)
        run.longest_after_s = 0
        runs.append(run.run())
    assert runs[0].drivers_sha256 == runs[1].drivers_sha256
    assert runs[0].readings_sha256 != runs[1].readings_sha256
    errors = [one.measures["occupancy_mae_share"] or 0 for one in runs]
    assert 0 < errors[0] < errors[1]


def test_an_unknown_policy_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(app, ["sim", "run", "demo", "--policy", "count,magic"], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "magic" in result.output
    assert "oracle" in result.output


def test_people_get_a_table_and_progress_goes_to_standard_error() -> None:
    result = CliRunner().invoke(app, ["sim", "run", "demo", "--policy", "none", "--hours", "0.02"])
    assert result.exit_code == 0
    assert "none, seed 1" in result.stderr
    assert "门到门 door to door s" in result.stdout
    assert "none, seed 1" not in result.stdout
    assert len(table(a_document()).splitlines()) > 12


def test_the_command_line_varies_faults_scale_compliance_and_lots_of_any_scenario() -> None:
    words = ["sim", "run", "evening-event", "--policy", "margin", "--hours", "0.02", "--json"]
    varied = [*words, "--lots", "8", "--scale", "0.5", "--compliance", "0.9", "--faults", "hard"]
    plain, other = (json.loads(CliRunner().invoke(app, one).stdout) for one in (words, varied))
    assert (plain["lots"], plain["scale"], plain["compliance"]) == (None, 1.0, 0.5)
    assert (other["lots"], other["scale"], other["compliance"]) == (8, 0.5, 0.9)
    sound = json.loads(CliRunner().invoke(app, [*varied[:-1], "none"]).stdout)
    assert sound["readings_sha256"] != other["readings_sha256"]
    assert sound["runs"]["margin"][0]["drivers_sha256"] == other["runs"]["margin"][0]["drivers_sha256"]
    told = CliRunner().invoke(app, varied).stderr
    assert "no place for it in a built city: gathering concert" in told


@pytest.mark.parametrize(
    ("option", "remedy"),
    [
        (["--faults", "awful"], "none, mild, hard"),
        (["--scale", "0"], "greater than"),
        (["--lots", "0"], "greater than"),
        (["--compliance", "1.1"], "less than"),
    ],
)
def test_what_cannot_be_varied_so_is_refused_with_what_can(option: list[str], remedy: str) -> None:
    result = CliRunner().invoke(app, ["sim", "run", "demo", *option], env={"COLUMNS": "200"})
    assert result.exit_code != 0
    assert remedy in str(result.exception) + result.output


def test_a_scenario_of_one_town_is_not_run_in_another(tmp_path: Path) -> None:
    built = CliRunner().invoke(app, ["sim", "build", str(tmp_path / "city"), "--lots", "3"])
    assert built.exit_code == 0
    words = ["sim", "run", "weekday", "--town", str(tmp_path / "city"), "--policy", "none", "--hours", "0.02"]
    result = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "weekday is about fengjie, not built-3-1" in result.output
