"""Where a scenario takes place: a town, who drives in it, and its zones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from parking.domain.town import Town
from parking.towns.load import load_town
from sim.builder import build
from sim.faults import Fault
from sim.faults_stage import fitting
from sim.scenario import BUILT, Demand, Scenario
from sim.shipped import load_demand
from sim.zones import Zone


@dataclass(frozen=True, slots=True)
class Ground:
    """What all runs of one scenario with one seed have in common."""

    town: Town
    demand: Demand
    zones: Sequence[Zone] = ()
    """None where the town is one zone."""
    network: Path | None = None
    """Folder of a SUMO network on which cars are moved; None for the built-in street."""


def ground_of(scenario: Scenario, town: Town, seed: int) -> Ground:
    """The ground a scenario asks for: this town with its demand, or a city built by the seed."""
    if scenario.lots is None:
        return Ground(town, load_demand(scenario.demand))
    model = load_town()
    city = build(scenario.lots, seed, model, load_demand(model.id))
    return Ground(city.town, city.demand, city.zones)


def faults_on(ground: Ground, scenario: Scenario) -> tuple[Fault, ...]:
    """The scenario's faults; in a built city, whose devices the seed decides, those that find something there."""
    return scenario.faults if scenario.lots is None else fitting(scenario.faults, ground.town)


def on_built_ground(scenario: Scenario, lots: int) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario in a built city of so many lots, and what of it has no place there: everything it names."""
    named = [
        *(f"incident on {one.section}" for one in scenario.incidents),
        *(f"closing of {one.subject}" for one in scenario.closings),
        *(f"gathering {one.name}" for one in scenario.gatherings),
        *(f"fault {one.kind} at {', '.join(one.who)}" for one in scenario.faults if not _fits_any(one.who)),
    ]
    faults = tuple(one for one in scenario.faults if _fits_any(one.who))
    bare = replace(scenario, incidents=(), closings=(), gatherings=(), faults=faults, demand=BUILT, lots=lots)
    return bare, tuple(named)


def _fits_any(who: Sequence[str]) -> bool:
    """Whether these are patterns that fit devices of any town."""
    return all("*" in one for one in who)
