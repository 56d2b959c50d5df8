"""`[[fault]]` tables: read when right; every error at once, with its line and what to do, when not."""

from datetime import datetime, time
from math import inf
from pathlib import Path

import numpy as np
import pytest

from parking.domain.errors import BadTown
from parking.towns.load import load_town
from sim.board import Board
from sim.faults import LAWS, Fault, FaultKind
from sim.faults_file import faults_of
from sim.faults_stage import STEPS, with_faults
from sim.fitting import fit_out
from sim.hardware import Mouth
from sim.shipped import list_scenarios, load_scenario
from sim.street import make_street
from tests.unit.test_street_hardware import an_order

NOW = 1777686600


def problems(text: str) -> tuple[str, ...]:
    return faults_of(text, "f.toml")[1]


def test_a_fault_is_read_with_minutes_or_with_times_of_the_clock() -> None:
    text = """
    [[fault]]
    kind = "late"
    devices = ["gate-*", "cam-P05"]
    share = 0.1
    begins_min = 5
    lasts_min = 2.5

    [[fault]]
    kind = "lot_closed"
    lots = ["P14"]
    begins = 23:30:00
    lasts_min = 60
    """
    (late, closed), wrong = faults_of(text, "f.toml")
    assert wrong == ()
    assert late == Fault(FaultKind.LATE, ("gate-*", "cam-P05"), 5.0, 7.5, parameters={"share": 0.1})
    assert (late.number("share"), late.number("most_s")) == (0.1, 90.0)
    assert (closed.begins, closed.ends) == (time(23, 30), time(0, 30))


def test_a_broker_is_gone_for_everybody_and_an_open_end_is_the_end_of_the_run() -> None:
    ((gone, dead), _) = faults_of(
        '[[fault]]\nkind = "broker_gone"\nlasts_min = 3\n[[fault]]\nkind = "battery_death"\ndevices = ["cam-P05"]', "f"
    )
    assert gone.who == ("*",)
    assert dead.ends == inf


def test_every_error_is_told_at_once_with_line_and_remedy() -> None:
    text = """name = "x"
[[fault]]
kind = "droped"

[[fault]]
kind = "dropped"
lots = ["P01"]
shore = 0.1

[[fault]]
kind = "gateway_restart"
devices = ["gate-P01"]
begins = 10
begins_min = 4

[[fault]]
kind = "late"
devices = []
share = 1.5
least_s = 50
most_s = 40
ends_min = true
seed = -1
"""
    assert problems(text) == (
        "f.toml:3: fault 1: there is no kind 'droped'; give 'dropped'",
        "f.toml:8: fault 2: dropped has no 'shore'; give 'share'",
        "f.toml:7: fault 2: dropped befalls devices; name them under 'devices'",
        "f.toml:5: fault 2: 'devices' is missing or no list of names; give for example devices = [\"*\"]",
        "f.toml:5: fault 2: share is missing; give 0 to 1",
        "f.toml:14: fault 3: begins and begins_min say the same twice; keep one",
        "f.toml:13: fault 3: begins is a time of the town's clock; give for example begins = 10:30:00, or begins_min",
        "f.toml:11: fault 3: gateway_restart has no end; give lasts_min, ends_min or ends",
        "f.toml:18: fault 4: 'devices' is missing or no list of names; give for example devices = [\"*\"]",
        "f.toml:22: fault 4: ends_min is True; give minutes from 0 to 44640",
        "f.toml:23: fault 4: seed is -1; give a whole number from 0 on",
        "f.toml:19: fault 4: share is 1.5; give 0 to 1",
        "f.toml:21: fault 4: most_s is less than least_s; give it at least as much",
    )


@pytest.mark.parametrize(
    ("table", "remedy"),
    [
        ("ends_min = 3\nbegins_min = 4", "later ends_min"),
        ("lasts_min = 0", "more minutes"),
        ("begins = 10:00:00\nlasts_min = 2000", "begins_min for more"),
        ("catches_up = 1", "true or false"),
    ],
)
def test_a_window_or_a_word_that_makes_no_sense_is_refused(table: str, remedy: str) -> None:
    (problem,) = problems(f'[[fault]]\nkind = "stuck"\ndevices = ["*"]\n{table}')
    assert remedy in problem


def test_a_misspelt_table_is_refused_and_a_scenario_tells_it(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    good = (Path(str(load_scenario.__code__.co_filename)).parent / "scenarios" / "weekday.toml").read_text("utf-8")
    (tmp_path / "scenarios" / "mine.toml").write_text(good + '\n[[fault]]\nkind = "none"\n', encoding="utf-8")
    with pytest.raises(BadTown, match=r"sim/scenarios/mine\.toml:\d+: fault 1: there is no kind 'none'"):
        load_scenario("mine", tmp_path)
    assert "write [[fault]]" in problems("faults = 3")[0]


def test_every_kind_has_a_law_and_every_shipped_fault_fits_the_town() -> None:
    assert set(LAWS) == set(FaultKind)
    assert set(STEPS) == set(FaultKind) - {FaultKind.LOT_CLOSED, FaultKind.SIGN_STUCK}
    town = load_town()
    street = make_street(town, load_scenario("demo"), 1, load_scenario("demo").begins)
    for name in list_scenarios():
        faults = load_scenario(name).faults
        with_faults(fit_out(town, street, 1, boot=1), faults, town, 1, load_scenario("demo").begins)


def test_a_window_on_the_towns_clock_is_found_whenever_the_run_begins() -> None:
    fault = Fault(FaultKind.DROPPED, ("*",), time(23, 30), time(0, 30), parameters={"share": 1.0})
    chance = np.random.default_rng(1)
    for begins, hours in (("2026-05-02T09:50:00+08:00", 13 + 2 / 3), ("2026-05-02T23:50:00+08:00", -1 / 3)):
        at = datetime.fromisoformat(begins)
        window = fault.window(at, load_town().calendar, chance)
        assert (window.begins - at.timestamp()) / 3600 == pytest.approx(hours)
        assert window.ends - window.begins == 3600


def test_a_fault_that_fits_nothing_in_the_town_says_so_all_at_once() -> None:
    town, scenario = load_town(), load_scenario("weekday")
    street = make_street(town, scenario, 1, scenario.begins)
    wrong = (
        Fault(FaultKind.DROPPED, ("gate-P01", "gate-P99"), parameters={"share": 1.0}),
        Fault(FaultKind.WRAP, ("cam-P05",)),
        Fault(FaultKind.LOT_CLOSED, ("gate-P15",)),
    )
    with pytest.raises(BadTown) as trouble:
        with_faults(fit_out(town, street, 1, boot=1), wrong, town, 1, scenario.begins)
    assert [one.split()[2] for one in trouble.value.problems] == ["'gate-P99'", "'cam-P05'", "'gate-P15'"]


class Lamps:
    """A street of one sign."""

    def __init__(self) -> None:
        self.lamps: list[tuple[str, ...]] = [()]


def test_a_deaf_sign_goes_neutral_when_its_order_ends_and_obeys_the_kept_one_when_it_hears_again() -> None:
    board, street = Board(Mouth("G07", 60, 1), 0, 2, 1.0), Lamps()
    board.take(an_order(), NOW)
    board.observe(street, NOW + 1)
    board.go_deaf()
    board.take(an_order(sequence=2, texts=("7", "8"), until="2026-05-02T04:00:00Z", valid_s=9000.0), NOW + 100)
    board.observe(street, NOW + 102)
    assert street.lamps == [("51", "满")]
    board.observe(street, NOW + 180)
    assert street.lamps == [("--", "--")]
    board.hear_again(NOW + 300)
    board.observe(street, NOW + 301)
    assert street.lamps == [("7", "8")]


@pytest.mark.parametrize(("confirms_orders", "said"), [(False, ["88", "88"]), (True, ["51", "满"])])
def test_a_jammed_sign_spells_something_else_and_says_so_or_lies(confirms_orders: bool, said: list[str]) -> None:
    board, street = Board(Mouth("G07", 60, 1), 0, 2, 1.0), Lamps()
    board.jam("88", confirms_orders=confirms_orders)
    board.take(an_order(), NOW)
    shown = [one for one in board.observe(street, NOW + 1) if one.topic.endswith("/shown")]
    assert street.lamps == [("88", "88")]
    assert [one.payload["rows"] for one in shown if isinstance(one.payload, dict)] == [said]
    board.free()
    board.observe(street, NOW + 2)
    assert street.lamps == [("51", "满")]
