"""`python -m sim street|recorded`: the simulated hardware, or a recording's, alone, over MQTT."""

import argparse
import logging
import time
from datetime import datetime
from pathlib import Path

from parking.streetclock import StreetTime
from parking.towns.load import town_named
from sim.ground import ground_of
from sim.live import Wires, run_hardware
from sim.recorded import be_recorded, read_tape
from sim.run import run_street
from sim.shipped import list_scenarios, load_scenario


def main() -> None:
    """Read the command line and be the hardware."""
    parser = argparse.ArgumentParser(prog="python -m sim", description=__doc__)
    kinds = parser.add_subparsers(required=True)
    street = kinds.add_parser("street", help="sensors and signs of a town, over MQTT")
    street.add_argument("scenario", nargs="?", default="demo", choices=list_scenarios())
    street.add_argument("--town", default="fengjie")
    street.add_argument("--t0", type=datetime.fromisoformat, help="street time at m0, with zone; else the scenario's")
    street.add_argument("--seed", type=int, default=1)
    _add_wires(street)
    street.set_defaults(be=_street)
    recorded = kinds.add_parser("recorded", help="devices and signs of a recording, over MQTT")
    recorded.add_argument("tape", type=Path, help="as `parking replay --wires` writes it")
    recorded.add_argument("--t0", type=datetime.fromisoformat, required=True, help="street time at m0, with zone")
    _add_wires(recorded)
    recorded.set_defaults(be=_recorded)
    given = parser.parse_args()
    logging.basicConfig(level=given.log_level.upper())
    given.be(given)


def _add_wires(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--broker", default="mqtt://127.0.0.1:1883", help="mqtt://[user:password@]host:port")
    parser.add_argument("--root", default="parking/v1", help="topic root")
    parser.add_argument("--m0", type=float, help="machine time, seconds since 1970; else now")
    parser.add_argument("--speed", type=float, default=1.0, help="street seconds in a machine second")
    parser.add_argument("--until", type=datetime.fromisoformat, help="street time at which it ends, with zone")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started it has ended")
    parser.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))


def _street(given: argparse.Namespace) -> None:
    scenario = load_scenario(given.scenario)
    run_street(
        given.broker,
        given.root,
        ground_of(scenario, town_named(given.town), given.seed),
        scenario,
        given.t0 or scenario.begins,
        time.time() if given.m0 is None else given.m0,
        given.speed,
        given.seed,
        given.until,
        ends_with_parent=given.with_parent,
    )


def _recorded(given: argparse.Namespace) -> None:
    m0 = time.time() if given.m0 is None else given.m0
    wires = Wires(given.broker, given.root, StreetTime(given.t0, m0, given.speed), given.until)
    tape = read_tape(given.tape)
    run_hardware(lambda stop: be_recorded(wires, tape, stop), ends_with_parent=given.with_parent)


if __name__ == "__main__":
    main()
