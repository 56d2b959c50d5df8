"""People on the street itself: what they change, what they leave alone, and that replays decide the same with them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from parking.cli import app
from parking.codec import decode
from parking.domain.case import Case, Stage
from parking.recording.run import RecordedRun

HOURS = "1.5"


def parking(*words: str) -> str:
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


@cache
def a_run(*besides: str, policy: str = "engine") -> dict[str, Any]:
    """A crash on the main road at 17:25."""
    words = ["sim", "run", "incident", "--policy", policy, "--hours", HOURS, "--json", *besides]
    found: dict[str, Any] = json.loads(parking(*words))
    return found


def measure(found: dict[str, Any], key: str, policy: str = "engine") -> float:
    return float(found["policies"][policy][key]["mean"])


def test_a_crash_that_a_unit_clears_jams_the_road_for_less_time() -> None:
    alone, with_people = a_run(), a_run("--people")
    assert measure(alone, "jammed_section_min") > 10
    assert measure(with_people, "jammed_section_min") < measure(alone, "jammed_section_min")


def test_the_same_drivers_set_out_whether_or_not_people_answer() -> None:
    alone, with_people = a_run(), a_run("--people")
    one, other = (found["runs"]["engine"][0] for found in (alone, with_people))
    assert one["drivers_sha256"] == other["drivers_sha256"]
    assert one["truth_sha256"] != other["truth_sha256"]
    assert not one["cases"]
    assert not alone["people"]


def test_twice_the_same_people_do_the_same() -> None:
    once, twice = a_run("--people"), a_run("--people", "--jobs", "1")
    for digest in ("truth_sha256", "readings_sha256", "decisions_sha256", "people"):
        assert once[digest] == twice[digest]


def test_where_no_alert_tells_them_people_hear_of_it_from_citizens() -> None:
    found = a_run("--people", policy="margin")["people"]["margin"]
    assert found["by_alert"]["mean"] == 0
    assert found["acknowledged_s_median"]["mean"] is None


def test_case_files_are_written_and_a_replay_of_the_run_decides_the_same(tmp_path: Path) -> None:
    record = tmp_path / "run.rec"
    words = ("sim", "run", "incident", "--policy", "engine", "--hours", HOURS, "--json", "--record", str(record))
    found = json.loads(parking(*words, "--cases", str(tmp_path / "cases")))
    lines = (tmp_path / "cases" / "engine-1.jsonl").read_bytes().splitlines()
    cases = [decode(line, Case) for line in lines]
    assert len(cases) == found["people"]["engine"]["cases"]["mean"] > 0
    assert Stage.DISPOSED in {step.stage for case in cases for step in case.steps}
    assert found["truth_sha256"] == a_run("--people")["truth_sha256"]
    kinds = {type(one).__name__ for line in RecordedRun(record).lines() for one in line.inputs}
    assert {"Acknowledge", "CaseChanged"} <= kinds
    assert json.loads(parking("replay", str(record), "--json"))["identical"] is True


def test_the_table_tells_what_became_of_the_cases() -> None:
    words = ("sim", "run", "incident", "--policy", "engine", "--hours", "0.6", "--people")
    table = parking(*words)
    assert "案卷 cases" in table
    assert "到场 to scene s, median" in table
