"""The street on a SUMO network: the same drivers, lots, signs and sensors, and cars that stand in each other's way."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from parking.cli import app
from parking.domain.errors import BadTown, NotAllowed
from parking.domain.town import Town
from sensors.native import Native, Packet
from sim.dry import DryRun, Outcome
from sim.fitting import fit_out
from sim.ground import Ground
from sim.notary import fingerprint
from sim.policies import Counting, Silence
from sim.scenario import Closing, Demand, Scenario
from sim.street import Street
from tests.conftest import missing
from tests.makers import NOON
from tests.street.small_network import a_demand, a_network, a_scenario, two_roads

if find_spec("libsumo") is not None:
    from sim.sumo.mapping import FILE
    from sim.sumo.roadworks import narrowed_mps
    from sim.sumo.session import REACTION_S
    from sim.sumo.street import SumoStreet

MINUTE = 60
Begin = Callable[..., "SumoStreet"]


@pytest.fixture
def sumo() -> None:
    """The extra [sumo]."""
    if find_spec("libsumo") is None:
        missing("SUMO, which `make sumo` installs,")


@pytest.fixture
def begin(sumo: None, tmp_path: Path) -> Begin:
    """Begins a street on a network made for it."""
    made = 0

    def begin(town: Town, demand: Demand, scenario: Scenario | None = None, seed: int = 1) -> SumoStreet:
        nonlocal made
        made += 1
        folder = a_network(tmp_path / str(made), town, demand)
        return SumoStreet(town, demand, scenario or a_scenario(), seed, NOON.timestamp(), folder)

    return begin


def light(street: Street, *texts: str) -> None:
    street.lamps = [texts]


def truth(street: Street, minutes: int, step_s: int = MINUTE) -> str:
    seen = sha256()
    begins = int(street.now)
    for second in range(begins + step_s, begins + minutes * MINUTE + 1, step_s):
        street.advance(second)
        if second % MINUTE == 0:
            seen.update(fingerprint(street))
    return seen.hexdigest()


def test_cars_park_and_leave_and_nobody_is_lost(begin: Begin) -> None:
    street = begin(two_roads(40, 30, 60), a_demand(through=400))
    for _ in range(45):
        street.advance(street.now + MINUTE)
        counts = street.counts
        assert counts.set_out == counts.parked + counts.gave_up + street.under_way
        assert all(park.entered - park.left == park.taken <= park.capacity for park in street.carparks)
    assert counts.parked > 50
    assert sum(park.left for park in street.carparks) > 20
    assert street.traffic.passed[0] > 200


def test_the_queue_of_a_full_lot_stands_on_the_road_and_slows_it(begin: Begin) -> None:
    busy = a_demand(trips=6000, stay_min=300, patience_min=40, through=300)
    speeds = {}
    for room in (4, 400):
        street = begin(two_roads(30, queue_room=room), busy)
        street.advance(street.now + 50 * MINUTE)
        assert street.carparks[0].waiting > 10
        speeds[room] = street.traffic.speed_kmh[0]
        assert street.traffic.queue_m[0] == street.carparks[0].spilled_m()
    assert street.traffic.queue_m[0] == 0.0
    assert speeds[4] < 0.5 * speeds[400]


def test_who_heeds_a_sign_that_says_full_drives_to_another_lot(begin: Begin) -> None:
    entered = {}
    for said in ("--", "满"):
        street = begin(two_roads(200, 200), a_demand(), a_scenario(compliance=1.0))
        light(street, said, "150")
        before = [park.entered for park in street.carparks]
        street.advance(street.now + 20 * MINUTE)
        entered[said] = [park.entered - was for park, was in zip(street.carparks, before, strict=True)]
    assert entered["--"][0] > 10
    assert entered["满"][0] == 0
    assert entered["满"][1] > 10


def test_who_heeds_no_sign_drives_where_they_would(begin: Begin) -> None:
    street = begin(two_roads(200, 200), a_demand(), a_scenario(compliance=0.0))
    light(street, "满", "150")
    before = street.carparks[0].entered
    street.advance(street.now + 20 * MINUTE)
    assert street.carparks[0].entered > before + 10


def test_the_same_seed_gives_the_same_truth_in_whatever_steps(begin: Begin) -> None:
    town, demand = two_roads(20, 20, 20), a_demand(through=300)
    one, again, steps = (truth(begin(town, demand), 20, step) for step in (MINUTE, MINUTE, 1))
    assert one == again == steps
    assert one != truth(begin(town, demand, seed=2), 20)


def test_a_street_whose_sumo_has_ended_says_so(begin: Begin) -> None:
    first = begin(two_roads(20), a_demand())
    begin(two_roads(20), a_demand())
    with pytest.raises(NotAllowed, match="one after the other"):
        first.advance(first.now + MINUTE)


def a_turn(network: Path | None, policy: str = "none") -> tuple[DryRun, Outcome]:
    town, demand = two_roads(30, 30, 60), a_demand()
    run = DryRun(
        Ground(town, demand, network=network),
        a_scenario(),
        1,
        Silence() if policy == "none" else Counting(town),
        hours=0.2,
    )
    return run, run.run()


def test_drivers_are_those_of_the_built_in_street_and_the_same_under_every_policy(sumo: None, tmp_path: Path) -> None:
    network = a_network(tmp_path, two_roads(30, 30, 60), a_demand())
    (ours, mine), (_, guided), (built_in, theirs) = a_turn(network), a_turn(network, "count"), a_turn(None)
    assert mine.drivers_sha256 == guided.drivers_sha256
    assert mine.drivers == theirs.drivers > 10
    assert ours._street.trips.at.tolist() == built_in._street.trips.at.tolist()
    assert ours._street.trips.destination.tolist() == built_in._street.trips.destination.tolist()


def test_what_its_hardware_says_is_understood(begin: Begin) -> None:
    town = two_roads(30, 30)
    street = begin(town, a_demand(through=600))
    begins = int(street.now)
    hardware, kinds = fit_out(town, street, 1, boot=begins), set()
    native = Native("parking/v1", town.devices, [sign.id for sign in town.signs])
    for second in range(begins + 1, begins + 10 * MINUTE + 1):
        street.advance(second)
        when = datetime.fromtimestamp(second, UTC)
        said = hardware.observe(street, second)
        decoded = native.decode(Packet(f"parking/v1/{one.topic}", one.encode(), when, retained=False) for one in said)
        assert not decoded.doubts
        kinds |= {type(one).__name__ for one in decoded.readings}
    assert {"GateReading", "QueueReading", "TrafficReading"} <= kinds


def test_nobody_passes_a_closed_section_and_who_cannot_reach_a_lot_looks_elsewhere(begin: Begin) -> None:
    town, demand = two_roads(3, 3, 200), a_demand(through=300)
    closed = a_scenario(closings=(Closing("R2", 10.0, 60.0),))
    street = begin(town, demand, closed)
    street.advance(street.now + 15 * MINUTE)
    passed, reached = street.traffic.passed[1], street.carparks[2].entered
    street.advance(street.now + 20 * MINUTE)
    assert street.traffic.passed[1] == passed > 20
    assert reached > 0
    assert street.counts.set_out == street.counts.parked + street.counts.gave_up + street.under_way


def test_half_of_the_road_carries_half_of_the_cars(sumo: None) -> None:
    free = 40 / 3.6
    carried = [1 / (REACTION_S + 7.0 / mps) for mps in (free, narrowed_mps(free, 0.5))]
    assert carried[1] == pytest.approx(0.5 * carried[0])


def test_everything_wrong_with_a_mapping_is_told_at_once_with_its_remedy(sumo: None, tmp_path: Path) -> None:
    town, demand = two_roads(20, 20), a_demand()
    file = a_network(tmp_path, town, demand) / FILE
    text = file.read_text(encoding="utf-8")
    text = text.replace('id = "G01"', 'id = "G99"').replace(
        'id = "P02"\nentrances = [{ edge = "', 'id = "P02"\nentrances = [{ edge = "X'
    )
    file.write_text(text.replace('comes = "from.west"', 'comes = "nowhere"'), encoding="utf-8")
    with pytest.raises(BadTown) as told:
        SumoStreet(town, demand, a_scenario(), 1, NOON.timestamp(), tmp_path)
    found = "\n".join(told.value.problems)
    assert len(told.value.problems) == 4
    for words in (
        "sign G01 has no [[sign]]; add one",
        "[[sign]] G99: the town has none; remove it",
        "lot P02",
        "'nowhere'",
    ):
        assert words in found


def test_the_command_line_makes_checks_and_runs_a_network(sumo: None, tmp_path: Path) -> None:
    runner, folder, night = CliRunner(), tmp_path / "net", tmp_path / "night.toml"
    text = files("sim").joinpath("scenarios/calm-night.toml").read_text(encoding="utf-8")
    night.write_text(re.sub(r"warm_up_h = \S+", "warm_up_h = 0.1", text), encoding="utf-8")
    assert runner.invoke(app, ["sumo", "make", str(folder)]).exit_code == 0
    assert "16 lots" in runner.invoke(app, ["sumo", "check", str(folder)]).output
    words = [
        "sim",
        "run",
        str(night),
        "--sumo",
        str(folder),
        "--policy",
        "none,margin",
        "--hours",
        "0.02",
        "--jobs",
        "1",
    ]
    found: dict[str, Any] = json.loads(runner.invoke(app, [*words, "--json"]).stdout)
    assert found["network"] == "net"
    assert found["policies"].keys() == {"none", "margin"}
    assert found["runs"]["none"][0]["drivers_sha256"] == found["runs"]["margin"][0]["drivers_sha256"]


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['sumo'] = None; from parking.__main__ import main; main()"
    words = [sys.executable, "-c", code, "sumo", "make", str(tmp_path / "net")]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "pip install 'parking-guidance[sumo]'" in said.stderr
