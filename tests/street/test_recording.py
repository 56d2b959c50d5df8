"""Runs of the street: recorded, replayed to the byte, sought in, cut short, tried under other thresholds, compared."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner, Result

from parking.cli import app
from parking.cli_sim_record import record_turn
from parking.cli_sim_turn import turn
from parking.codec import digest
from parking.domain.alert import AlertKind
from parking.domain.guidance import State
from parking.domain.thresholds import changed, read_changes
from parking.recording.again import Checked, ticks
from parking.recording.compare import compare
from parking.recording.nouns import Source
from parking.recording.player import INSTANT, Player
from parking.recording.run import RecordedRun
from parking.towns.load import load_town
from sim.ground import ground_of
from sim.shipped import load_scenario

HOURS = 0.75
FULL_EARLIER = "signs.full_enter_share=0.045"


def parking(*words: str, code: int = 0) -> Result:
    """The command line; its exit code must be this."""
    result = CliRunner().invoke(app, [*words], env={"COLUMNS": "200"})
    assert result.exit_code == code, (result.output, result.exception)
    return result


def document(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(parking(*words, "--json").stdout)
    return found


@pytest.fixture(scope="module")
def holiday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second day of May: lots fill, a queue reaches the road."""
    file = tmp_path_factory.mktemp("street") / "holiday.rec"
    parking("sim", "run", "demo", "--policy", "engine", "--hours", str(HOURS), "--record", str(file), "--json")
    return file


@pytest.fixture(scope="module")
def earlier(holiday: Path) -> Path:
    """The same inputs, signs that say full earlier."""
    file = holiday.with_name("earlier.rec")
    parking("replay", str(holiday), "--set", FULL_EARLIER, "--record", str(file), "--json")
    return file


@pytest.fixture(scope="module")
def uninterrupted(holiday: Path) -> dict[datetime, str]:
    """What one engine decides from the first tick to the last, by tick."""
    player, found = Player(RecordedRun(holiday)), {}
    while (turned := player.step()) is not None:
        found[turned.line.at] = digest(turned.decisions)
    return found


def test_recording_a_run_changes_nothing_in_it(tmp_path: Path) -> None:
    scenario, town = load_scenario("demo"), load_town()
    bare = turn(town, scenario, 3, "engine", 0.05)
    recorded = record_turn(ground_of(scenario, town, 3), scenario, 3, 0.05, tmp_path / "a.rec", lambda _share: None)
    assert recorded == bare
    end = RecordedRun(tmp_path / "a.rec").end
    assert end is not None
    assert end.measures == bare.measures
    assert end.digests["truth_sha256"] == bare.truth_sha256


def test_a_replay_decides_what_was_decided_the_first_time_and_says_so(holiday: Path) -> None:
    found = document("replay", str(holiday))
    run = RecordedRun(holiday)
    assert run.end is not None
    assert found["identical"] is True
    assert found["decisions"] == run.end.ticks > HOURS * 720
    assert {key: found[key] for key in run.end.report} == run.end.report
    assert found["alerts"] >= 1
    assert found["forecast"]["30"]["mae"] is not None
    assert "相同 · identical" in parking("replay", str(holiday)).stdout


def test_a_stretch_of_it_is_identical_too(holiday: Path) -> None:
    begins = RecordedRun(holiday).begins + timedelta(minutes=23, seconds=7)
    span = ("--from", begins.isoformat(), "--to", (begins + timedelta(minutes=5)).isoformat())
    found = document("replay", str(holiday), *span)
    assert (found["decisions"], found["identical"]) == (60, True)


def test_seeking_to_any_instant_is_exact(holiday: Path, uninterrupted: dict[datetime, str]) -> None:
    run, chance = RecordedRun(holiday), random.Random(20260502)  # noqa: S311 -- a test's instants
    player, lasts_s = Player(run), (run.ends - run.begins).total_seconds()
    for _ in range(12):
        at = run.begins + timedelta(seconds=chance.uniform(0, lasts_s - 60))
        player.seek(at)
        assert player.at <= at
        for _ in range(5):
            turned = player.step()
            assert turned is not None
            assert turned.line.at > at
            assert digest(turned.decisions) == uninterrupted[turned.line.at] == turned.line.sha256


def test_a_tick_that_was_decided_otherwise_is_named(holiday: Path) -> None:
    run = RecordedRun(holiday)
    player, moment = Player(run), run.begins + timedelta(minutes=20)
    checked = Checked(player)
    for turned in ticks(player, run.begins, run.ends + INSTANT):
        checked.hear(turned)
        if turned.line.at == moment:
            distrusting = changed(player.engine.settings, read_changes(["estimate.degraded_sd_share=0"]))
            player.engine.take((distrusting,))
    told = checked.as_dict(run.begins, run.ends)
    assert told["identical"] is False
    assert told["first_different_at"] == (moment + timedelta(seconds=5)).isoformat()


def test_a_run_compared_with_itself_is_identical(holiday: Path) -> None:
    found = document("replay", "--compare", str(holiday), str(holiday), "--fail-if-different")
    assert found["identical"] is True
    assert found["different_ticks"] == found["inputs"]["different_ticks"] == 0
    assert "相同 · identical" in parking("replay", "--compare", str(holiday), str(holiday)).stdout


def test_one_other_threshold_names_the_first_decision_and_why(holiday: Path, earlier: Path) -> None:
    found = document("replay", "--compare", str(holiday), str(earlier))
    assert found["identical"] is False
    assert found["settings"] == {"signs.full_enter_share": {"a": 0.02, "b": 0.045}}
    assert found["inputs"]["different_ticks"] == 0
    assert found["open_loop"] is True
    assert found["as_recorded"] is True
    first = found["first"]
    assert first["at"] == found["first_different_at"]
    assert first["a"]["word"] != "full"
    assert first["b"]["word"] == "full"
    assert first["kind"] in ("signs", "lots")
    assert first["b"]["why"]
    assert found["by_kind"]["signs"]["different_ticks"] > 0
    assert found["by_kind"]["estimates"]["different_ticks"] == 0
    assert found["measures"]["sign_changes"]["difference"] is not None


def test_before_the_first_difference_both_stand_alike_and_after_it_they_do_not(holiday: Path, earlier: Path) -> None:
    a, b = RecordedRun(holiday), RecordedRun(earlier)
    at = compare(a, b).decisions.first_at
    assert at is not None
    players = Player(a), Player(b)
    words = []
    for player in players:
        player.seek(at - INSTANT)
        before = player.engine.picture()
        player.step()
        after = player.engine.picture()
        assert before is not None
        assert after is not None
        words.append(([lot.state for lot in before.lots], [lot.state for lot in after.lots]))
    assert words[0][0] == words[1][0]
    assert words[0][1] != words[1][1]
    assert words[1][1].count(State.FULL) > words[0][1].count(State.FULL)


def test_people_read_where_they_part_and_that_the_loop_is_open(holiday: Path, earlier: Path) -> None:
    said = parking("replay", "--compare", str(holiday), str(earlier)).stdout
    assert "首个不同 · first difference: 2026-05-02T" in said
    assert "阈值 threshold signs.full_enter_share: A 0.02  B 0.045" in said
    assert "输入相同 the inputs are the same" in said
    assert "open loop" in said
    parking("replay", "--compare", str(holiday), str(earlier), "--fail-if-different", code=1)


def test_what_was_tried_out_replays_identical_itself(earlier: Path) -> None:
    run = RecordedRun(earlier)
    assert run.header.origin.source is Source.REPLAY
    assert run.header.origin.changes == {"signs.full_enter_share": 0.045}
    assert document("replay", str(earlier))["identical"] is True


def test_a_threshold_that_changes_nothing_changes_nothing(holiday: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.rec"
    found = document("replay", str(holiday), "--set", "signs.full_enter_share=0.02", "--record", str(same))
    assert found["identical"] is True
    assert document("replay", "--compare", str(holiday), str(same))["identical"] is True


def silent_signs(run: RecordedRun) -> set[str]:
    """Signs of which an alert says that they do not confirm."""
    turns = ticks(Player(run), run.begins, run.ends + INSTANT)
    alerts = [alert for turned in turns for alert in turned.decisions.alerts]
    return {alert.subject for alert in alerts if alert.kind is AlertKind.SIGN_UNCONFIRMED}


def test_signs_that_obeyed_still_do_and_one_that_was_offline_still_is(tmp_path: Path) -> None:
    file, other = tmp_path / "offline.rec", tmp_path / "other.rec"
    words = ["--policy", "engine", "--hours", "0.6", "--record", str(file), "--json"]
    parking("sim", "run", "sign-offline", *words)
    parking("replay", str(file), "--set", "signs.free_enter_share=0.4", "--record", str(other), "--json")
    silent = [silent_signs(RecordedRun(one)) for one in (file, other)]
    assert silent[0] == silent[1]
    assert silent[0]


def test_two_seeds_differ_in_their_inputs(holiday: Path, tmp_path: Path) -> None:
    pattern = tmp_path / "seed-{seed}.rec"
    parking(
        *("sim", "run", "demo", "--policy", "none,engine", "--seeds", "2", "--hours", "0.05"),
        *("--jobs", "1", "--record", str(pattern), "--json"),
    )
    one, two = tmp_path / "seed-1.rec", tmp_path / "seed-2.rec"
    found = document("replay", "--compare", str(one), str(two))
    assert found["inputs"]["different_ticks"] > 0
    assert found["settings"] == {}
    assert found["measures"]["door_to_door_s_mean"]["difference"] != 0
    said = parking("replay", "--compare", str(one), str(two)).stdout
    assert "输入不同 inputs differ" in said
    assert [name for name in found["measures"] if f"\n  {name} " in said] == [], (
        "a measure without words a person reads"
    )


def test_what_cannot_be_recorded_is_refused_before_anything_runs(tmp_path: Path) -> None:
    file = str(tmp_path / "x.rec")
    assert "add engine" in parking("sim", "run", "demo", "--policy", "none", "--record", file, code=2).output
    assert "{seed}" in parking("sim", "run", "demo", "--seeds", "2", "--record", file, code=2).output


def test_a_file_that_was_cut_short_plays_up_to_there_and_says_so(holiday: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.rec"
    cut.write_bytes(holiday.read_bytes()[: holiday.stat().st_size * 2 // 3])
    result = parking("replay", str(cut), "--json")
    found = json.loads(result.stdout)
    assert (found["identical"], found["cut_short"]) == (True, True)
    assert 0 < found["decisions"] < len(list(RecordedRun(holiday).lines()))
    assert "录制中断" in result.stderr
    compared = document("replay", "--compare", str(holiday), str(cut))
    assert (compared["identical"], compared["only_b"], compared["different_ticks"]) == (False, 0, 0)
    assert compared["only_a"] > 0


def test_a_damaged_file_is_refused_with_what_to_do(holiday: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.rec"
    data = bytearray(holiday.read_bytes())
    with ZipFile(holiday) as whole_file:
        told = max(
            (one for one in whole_file.infolist() if one.filename.startswith("ticks/")), key=lambda one: one.file_size
        )
    middle = told.header_offset + told.compress_size // 2
    data[middle : middle + 64] = bytes(64)
    bad.write_bytes(data)
    result = CliRunner().invoke(app, ["replay", "--compare", str(holiday), str(bad)])
    whole = CliRunner().invoke(app, ["replay", str(bad)])
    assert any("take another copy" in str(one.exception) for one in (result, whole))


def test_other_peoples_options_and_files_are_refused_in_words(holiday: Path, tmp_path: Path) -> None:
    for words, said in (
        ([str(holiday), "--wires"], "--wires: is for CSV files"),
        ([str(holiday), "--set", "signs.calm=3"], "did you mean signs.calm_s"),
        ([str(holiday), "--speed", "quick"], "write a number above 0"),
        ([str(holiday), "--from", "2031-01-01"], "nothing between"),
        ([str(holiday), "--record", str(holiday)], "give another name"),
        ([str(holiday), str(holiday)], "--compare A B"),
        (["--compare", str(holiday)], "takes two recordings"),
        ([str(tmp_path / "none.rec")], "check the name"),
    ):
        assert said in str(CliRunner().invoke(app, ["replay", *words]).exception), words


def test_a_speed_is_kept(holiday: Path) -> None:
    begins = RecordedRun(holiday).begins
    span = ("--from", begins.isoformat(), "--to", (begins + timedelta(minutes=1)).isoformat())
    found = document("replay", str(holiday), *span, "--speed", "120")
    assert found["wall_s"] == pytest.approx(55 / 120, abs=0.3)
    assert found["wall_s"] > 0.4


def test_recorded_occupancy_is_recorded_too(tmp_path: Path) -> None:
    rows = ["series_id,city,capacity,timestamp,occupied"]
    for n in range(48):
        at = datetime(2026, 5, 4, 6) + timedelta(minutes=5 * n)
        rows += [f"dresden/p{i},Dresden,100,{at:%Y-%m-%dT%H:%MZ},{min(100, 40 + n * (i + 1))}" for i in range(2)]
    table, file = tmp_path / "town.csv", tmp_path / "town.rec"
    table.write_text("\n".join([*rows, ""]), encoding="utf-8")
    first = document("replay", str(table), "--record", str(file))
    again = document("replay", str(file))
    same = ("readings", "lots", "decisions", "sign_changes", "alerts", "cases", "decisions_sha256", "forecast")
    assert {key: again[key] for key in same} == {key: first[key] for key in same}
    assert again["identical"] is True
