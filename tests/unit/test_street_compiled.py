"""The law of the street is one: compiled or not, the same street to the bit."""

import os
import subprocess
import sys
from importlib.util import find_spec

from tests.conftest import missing

SAY = """
from hashlib import sha256
from dataclasses import replace
from parking.towns.load import load_town
from sim.core.compiled import IS_COMPILED
from sim.notary import fingerprint
from sim.scenario import Closing, Incident, IncidentKind
from sim.shipped import load_demand, load_scenario
from sim.street import Street

given = replace(
    load_scenario("demo"),
    incidents=(Incident("R2", IncidentKind.CRASH, 20.0, 40.0, 0.7),),
    closings=(Closing("R3", 15.0, 50.0), Closing("P13", 30.0, 60.0)),
)
begins = given.begins
street = Street(load_town(), load_demand(given.demand), given, 3, begins.timestamp())
street.watch(watched=True)
said = sha256()
for nth in range(1, 181):
    street.advance(street.now + 20)
    street.lamps[9] = (str(nth % 40), "满", str(nth))
    if nth == 90:
        street.guard("P15", street.now + 600)
    said.update(fingerprint(street))
said.update(b"".join(column.tobytes() for column in street.trips))
print(IS_COMPILED, street.counts, said.hexdigest())
"""


def the_street(*, compiled: bool) -> list[str]:
    environment = os.environ | {"PARKING_SIM_COMPILED": "1" if compiled else "0"}
    done = subprocess.run([sys.executable, "-c", SAY], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip().split(" ", 1)


def test_a_compiled_law_gives_the_same_street_to_the_bit() -> None:
    if find_spec("numba") is None:  # pragma: no cover -- the locks bring it
        missing("numba")
    plain, compiled = the_street(compiled=False), the_street(compiled=True)
    assert (plain[0], compiled[0]) == ("False", "True")
    assert plain[1] == compiled[1]
    assert "turned_away=0" not in plain[1]
