"""Scenarios and demands by name, as they ship with the package, or as files of somebody's own."""

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

import msgspec

from parking.domain.errors import BadTown
from parking.domain.town import Town
from parking.towns.load import load_town
from sim.builder import build
from sim.scenario import BUILT, HOURS, Demand, Scenario
from sim.scenario_file import demand_named_in, scenario_of

T = TypeVar("T")


def load_scenario(name: str, folder: Path | None = None) -> Scenario:
    """The scenario of that name, or of that file when it ends in `.toml`.

    Raises:
        BadTown: with everything that is wrong with the file, each with its line and remedy.
    """
    scenario, problems = read_scenario(name, folder)
    if scenario is None:
        raise BadTown(problems)
    return scenario


def read_scenario(name: str, folder: Path | None = None) -> tuple[Scenario | None, tuple[str, ...]]:
    """The scenario of that name or file, or None with everything that is wrong with it. Raises BadTown when missing."""
    file, said = (Path(name), name) if name.endswith(".toml") else _file(folder, "scenarios", name)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadTown((f"{said}: is missing; there are {', '.join(list_scenarios())}",)) from None
    except (OSError, UnicodeDecodeError) as trouble:
        raise BadTown((f"{said}: {trouble}; give a TOML file in UTF-8",)) from trouble
    demand_name = demand_named_in(text)
    folder = folder if folder is not None and (folder / "demands").is_dir() else None
    known = list_demands(folder)
    if demand_name == BUILT:
        city = build(20, 1, _town("fengjie"), load_demand(known[0], folder))
        return scenario_of(text, said, city.town, city.demand)
    if demand_name and demand_name not in known:
        return None, (f"{said}: there is no demand {demand_name!r}; there are {', '.join(known)}",)
    demand = load_demand(demand_name or known[0], folder)
    return scenario_of(text, said, _town(demand.town), demand)


def load_demand(name: str, folder: Path | None = None) -> Demand:
    """The demand of that name. Raises BadTown when it is missing or its file has errors."""
    demand = _decode(folder, "demands", name, Demand)
    if problems := tuple(_misfits(name, demand)):
        raise BadTown(problems)
    return demand


def list_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that ship with the package."""
    return _names(None, "scenarios")


def list_demands(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the demands there are."""
    return _names(folder, "demands")


@lru_cache(maxsize=4)
def _town(name: str) -> Town:
    return load_town(name=name)


def _names(folder: Path | None, kind: str) -> tuple[str, ...]:
    place: Traversable = (folder if folder is not None else files("sim")) / kind
    names = (one.name for one in place.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _file(folder: Path | None, kind: str, name: str) -> tuple[Traversable, str]:
    place: Traversable = (folder if folder is not None else files("sim")) / kind / f"{name}.toml"
    return place, f"sim/{kind}/{name}.toml"


def _decode(folder: Path | None, kind: str, name: str, into: type[T]) -> T:
    file, said = _file(folder, kind, name)
    try:
        return msgspec.toml.decode(file.read_bytes(), type=into)
    except FileNotFoundError:
        raise BadTown((f"{said}: is missing; there are {', '.join(_names(folder, kind))}",)) from None
    except msgspec.DecodeError as trouble:
        raise BadTown((f"{said}: {trouble}; mend that field",)) from trouble


def _misfits(name: str, demand: Demand) -> list[str]:
    places, portals = {one.id for one in demand.destinations}, {one.id for one in demand.portals}
    problems = []
    for nth, flow in enumerate(demand.flows, start=1):
        unknown = sorted({flow.destination} - places) + sorted(flow.origins.keys() - portals)
        unknown += sorted({flow.reason} - demand.reasons.keys())
        problems += [f"sim/demands/{name}.toml flow {nth}: there is no {one!r}; mend the name" for one in unknown]
    for reason, how in demand.reasons.items():
        if len(how.hours) != HOURS:
            problems.append(f"sim/demands/{name}.toml reason {reason}: {len(how.hours)} hours; give {HOURS} weights")
    return problems
