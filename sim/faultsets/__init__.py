"""Sets of faults that can be laid over any scenario: `none`, `mild`, `hard`."""

from importlib.resources import files
from typing import Final

from parking.domain.errors import BadTown
from parking.domain.town import Town
from sim.faults import Fault
from sim.faults_file import faults_of
from sim.faults_stage import fitting

NONE: Final = "none"
NAMES: Final = (NONE, "mild", "hard")


def fault_set(name: str, town: Town | None) -> tuple[Fault, ...]:
    """The faults of that set as far as the town has what they befall; all of them for None.

    Raises:
        BadTown: for an unknown name.
    """
    if name == NONE:
        return ()
    if name not in NAMES:
        raise BadTown((f"faults {name!r}: there is no such set; choose from {', '.join(NAMES)}",))
    file = f"{name}.toml"
    faults, problems = faults_of((files("sim.faultsets") / file).read_text(encoding="utf-8"), f"sim/faultsets/{file}")
    if problems:
        raise BadTown(problems)
    return faults if town is None else fitting(faults, town)
