"""`python -m sim street`: the simulated hardware alone, over MQTT."""

import argparse
import logging
import time
from datetime import datetime

from parking.towns.load import load_town
from sim.run import run_street
from sim.scenario import list_scenarios, load_scenario


def main() -> None:
    """Read the command line and be the street."""
    parser = argparse.ArgumentParser(prog="python -m sim", description=__doc__)
    street = parser.add_subparsers(required=True).add_parser("street", help="sensors and signs of a town, over MQTT")
    street.add_argument("scenario", nargs="?", default="demo", choices=list_scenarios())
    street.add_argument("--broker", default="mqtt://127.0.0.1:1883", help="mqtt://[user:password@]host:port")
    street.add_argument("--root", default="parking/v1", help="topic root")
    street.add_argument("--town", default="fengjie")
    street.add_argument("--t0", type=datetime.fromisoformat, help="street time at m0, with zone; else the scenario's")
    street.add_argument("--m0", type=float, help="machine time, seconds since 1970; else now")
    street.add_argument("--speed", type=float, default=1.0, help="street seconds in a machine second")
    street.add_argument("--seed", type=int, default=1)
    street.add_argument("--until", type=datetime.fromisoformat, help="street time at which it ends, with zone")
    street.add_argument("--with-parent", action="store_true", help="end when the process that started it has ended")
    street.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))
    given = parser.parse_args()
    logging.basicConfig(level=given.log_level.upper())
    scenario = load_scenario(given.scenario)
    run_street(
        given.broker,
        given.root,
        load_town(name=given.town),
        scenario,
        given.t0 or scenario.begins,
        time.time() if given.m0 is None else given.m0,
        given.speed,
        given.seed,
        given.until,
        ends_with_parent=given.with_parent,
    )


if __name__ == "__main__":
    main()
