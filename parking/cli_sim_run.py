"""`parking sim run`: a scenario without wires under several policies, the same drivers meeting each."""

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from parking.cli_sim_plot import plot as pictures
from parking.cli_sim_record import check_record
from parking.cli_sim_table import table
from parking.cli_sim_turn import OURS, POLICIES, Besides, turn_all
from parking.domain.town import Town
from parking.towns.load import town_named
from sim.builder import MOST_LOTS
from sim.dry import Outcome
from sim.faultsets import NAMES, fault_set
from sim.ground import ground_of, on_built_ground
from sim.measures import paired, together
from sim.scenario import Scenario
from sim.shipped import load_demand, load_scenario

Outcomes: TypeAlias = Mapping[str, Sequence[Outcome]]

BASELINE: Final = "margin"


# What varies any scenario, with or without wires.
Compliance: TypeAlias = Annotated[
    float | None, typer.Option(min=0, max=1, help="听从诱导的比例，替代场景的 · Share who follow signs")
]
Faults: TypeAlias = Annotated[
    str | None, typer.Option(help=f"故障，替代场景的 · Faults instead of the scenario's: {', '.join(NAMES)}")
]
Scale: TypeAlias = Annotated[float | None, typer.Option(min=0.01, max=100, help="需求倍数 · All demand, times this")]
Lots: TypeAlias = Annotated[
    int | None, typer.Option(min=1, max=MOST_LOTS, help="改在有这么多停车场的模拟城市 · A built city of so many lots")
]


def run(
    scenario: Annotated[str, typer.Argument(help="场景名，或 .toml 文件 · Scenario, or a .toml file")],
    policy: Annotated[str, typer.Option(help="策略，逗号分隔 · Policies, with commas")] = ",".join(POLICIES),
    seeds: Annotated[int, typer.Option(min=1, help="种子数，从 --seed 起 · How many seeds, from --seed on")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="首个种子 · The first seed")] = 1,
    hours: Annotated[
        float | None, typer.Option(min=0.01, max=31 * 24, help="时长，替代场景的 · Hours measured, else the scenario's")
    ] = None,
    compliance: Compliance = None,
    faults: Faults = None,
    scale: Scale = None,
    lots: Lots = None,
    town: Annotated[str, typer.Option(help="城镇 · Town")] = "fengjie",
    sumo: Annotated[
        Path | None, typer.Option(help="改在此目录的 SUMO 路网上 · On the SUMO network of this folder, docs/sumo.md")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="并行进程数，0 为核数 · Processes, 0: one a core")] = 0,
    record: Annotated[
        Path | None,
        typer.Option(help="录下 engine 的运行，名中 {seed} 为种子 · Record the engine's run; {seed} in its name"),
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="有人应答：出警、处置、核查、举报，docs/people.md · With people who answer")
    ] = False,
    cases: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, help="案卷写到此目录，即 --people · Case files into this folder; implies --people"
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(file_okay=False, help="画图到此目录（PNG、SVG） · Pictures into this folder")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document only")] = False,
) -> None:
    """不经线路，同一批驾驶人，几种策略 · Without wires: the same drivers under several policies."""
    names, ground = _names(policy), town_named(town)
    check_record(record, names, seeds)
    if sumo is not None and lots is not None:
        raise typer.BadParameter("--sumo: a network is one town's; leave --lots out")
    chosen = vary(load_scenario(scenario), ground, compliance=compliance, faults=faults, scale=scale, lots=lots)
    if chosen.lots is None and (whose := load_demand(chosen.demand).town) != ground.id:
        raise typer.BadParameter(
            f"{chosen.name} is about {whose}, not {ground.id}; for a built city give --lots, --seed"
        )
    lasts = chosen.hours if hours is None else hours
    begun = time.perf_counter()
    processes, every = jobs or os.cpu_count() or 1, range(seed, seed + seeds)
    besides = Besides(record, sumo, people or cases is not None, cases)
    outcomes = turn_all(ground, chosen, every, names, lasts, processes, besides)
    result = document(chosen, lasts, outcomes) | {"wall_s": round(time.perf_counter() - begun, 3)}
    if sumo is not None:
        result |= {"network": sumo.resolve().name}
    if plot is not None:
        for file in pictures(plot, result, outcomes, ground_of(chosen, ground, seed).town):
            print(file, file=sys.stderr)
    print(json.dumps(result, ensure_ascii=False, allow_nan=False) if as_json else table(result))


def vary(
    scenario: Scenario,
    town: Town,
    *,
    compliance: float | None = None,
    faults: str | None = None,
    scale: float | None = None,
    lots: int | None = None,
) -> Scenario:
    """The scenario with what was said instead of its own; what has no place there is told on standard error."""
    if lots is not None:
        scenario, dropped = on_built_ground(scenario, lots)
        for one in dropped:
            print(f"没有地方 · no place for it in a built city: {one}", file=sys.stderr)
    if compliance is not None:
        scenario = replace(scenario, compliance=compliance)
    if scale is not None:
        scenario = replace(scenario, scale=scale)
    if faults is not None:
        where = town if scenario.lots is None else None
        scenario = replace(scenario, faults=fault_set(faults, where))
    return scenario


def document(scenario: Scenario, hours: float, outcomes: Outcomes) -> dict[str, object]:
    """The one document that `--json` prints, but for the time it took."""
    values = {name: _by_key(runs) for name, runs in outcomes.items()}
    pairs = [(a, b) for a in values for b in values if a != b and (a == OURS or b == BASELINE)]
    return {
        "scenario": scenario.name,
        "begins": scenario.begins.isoformat(),
        "hours": hours,
        "compliance": scenario.compliance,
        "scale": scenario.scale,
        "lots": scenario.lots,
        "seeds": [one.seed for one in next(iter(outcomes.values()))],
        "policies": {
            name: {key: together(by_seed) for key, by_seed in found.items()} for name, found in values.items()
        },
        "people": {
            name: {key: together([one.cases[key] for one in runs]) for key in runs[0].cases}
            for name, runs in outcomes.items()
            if runs[0].cases
        },
        "paired": {f"{a}/{b}": paired(values[a], values[b]) for a, b in pairs},
        "truth_sha256": _digest(one.truth_sha256 for runs in outcomes.values() for one in runs),
        "readings_sha256": _digest(one.readings_sha256 for runs in outcomes.values() for one in runs),
        "decisions_sha256": _digest(one.decisions_sha256 for runs in outcomes.values() for one in runs),
        "runs": {name: [_run(one) for one in runs] for name, runs in outcomes.items()},
    }


def _run(one: Outcome) -> dict[str, object]:
    return {
        "seed": one.seed,
        "drivers": one.drivers,
        "simulated_s": one.simulated_s,
        "drivers_sha256": one.drivers_sha256,
        "truth_sha256": one.truth_sha256,
        "readings_sha256": one.readings_sha256,
        "decisions_sha256": one.decisions_sha256,
        "cases": one.cases,
        "alerts": {
            kind: {
                "episodes": tried.episodes,
                "found": tried.found,
                "missed": tried.missed,
                "right": tried.right,
                "false": tried.false,
                "delays_s": list(tried.delays_s),
            }
            for kind, tried in one.alerts.items()
        },
    }


def _names(policy: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in policy.split(",") if name.strip()))
    unknown = [name for name in names if name not in POLICIES]
    if unknown or not names:
        raise typer.BadParameter(f"{', '.join(unknown) or 'none given'}: choose from {', '.join(POLICIES)}")
    return names


def _by_key(runs: Sequence[Outcome]) -> dict[str, list[float | None]]:
    return {key: [one.measures[key] for one in runs] for key in runs[0].measures}


def _digest(digests: Iterable[str]) -> str:
    return sha256("\n".join(digests).encode()).hexdigest()
