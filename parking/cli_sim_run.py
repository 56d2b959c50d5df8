"""`parking sim run`: a scenario without wires under several policies, the same drivers meeting each."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Any, Final, TypeAlias
from unicodedata import east_asian_width

import typer

from parking.cli_sim_engine import EnginePolicy, learn
from parking.domain.town import Town
from parking.towns.load import town_named
from sim.dry import DryRun, Outcome, Progress
from sim.measures import paired, together
from sim.policies import FREE_ABOVE, FULL_BELOW, Counting, Oracle, Policy, Silence
from sim.scenario import Scenario, load_scenario

Make: TypeAlias = Callable[[Town, Scenario, int], Policy]
Outcomes: TypeAlias = Mapping[str, Sequence[Outcome]]

POLICIES: Final[Mapping[str, Make]] = {
    "none": lambda _town, _scenario, _seed: Silence(),
    "count": lambda town, _scenario, _seed: Counting(town),
    "margin": lambda town, _scenario, _seed: Counting(town, FULL_BELOW, FREE_ABOVE),
    "engine": lambda town, scenario, seed: EnginePolicy(town, learn(town, scenario, seed)),
    "oracle": lambda town, _scenario, _seed: Oracle(town),
}
BASELINE: Final = "margin"
OURS: Final = "engine"


def run(
    scenario: Annotated[str, typer.Argument(help="场景 · Scenario")],
    policy: Annotated[str, typer.Option(help="策略，逗号分隔 · Policies, with commas")] = ",".join(POLICIES),
    seeds: Annotated[int, typer.Option(min=1, help="种子数，从 --seed 起 · How many seeds, from --seed on")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="首个种子 · The first seed")] = 1,
    hours: Annotated[float, typer.Option(min=0.01, max=240, help="时长，小时 · Hours measured")] = 3.0,
    compliance: Annotated[
        float | None, typer.Option(min=0, max=1, help="听从诱导的比例，替代场景的 · Share who follow signs")
    ] = None,
    town: Annotated[str, typer.Option(help="城镇 · Town")] = "fengjie",
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document only")] = False,
) -> None:
    """不经线路，同一批驾驶人，几种策略 · Without wires: the same drivers under several policies."""
    names, chosen = _names(policy), load_scenario(scenario)
    if compliance is not None:
        chosen = replace(chosen, compliance=compliance)
    numbers = range(seed, seed + seeds)
    ground, begun = town_named(town), time.perf_counter()
    outcomes = {
        name: [turn(ground, chosen, one, name, hours, _progress(name, one)) for one in numbers] for name in names
    }
    wall_s = time.perf_counter() - begun
    result = document(chosen, hours, outcomes) | {"wall_s": round(wall_s, 3)}
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(json.dumps(result, ensure_ascii=False, allow_nan=False) if as_json else table(result))


def turn(
    town: Town, scenario: Scenario, seed: int, policy: str, hours: float, progress: Progress = lambda _share: None
) -> Outcome:
    """One seed under one policy."""
    return DryRun(town, scenario, seed, POLICIES[policy](town, scenario, seed), hours).run(progress)


def document(scenario: Scenario, hours: float, outcomes: Outcomes) -> dict[str, object]:
    """The one document that `--json` prints, but for the time it took."""
    values = {name: _by_key(runs) for name, runs in outcomes.items()}
    pairs = [(a, b) for a in values for b in values if a != b and (a == OURS or b == BASELINE)]
    return {
        "scenario": scenario.name,
        "begins": scenario.begins.isoformat(),
        "hours": hours,
        "compliance": scenario.compliance,
        "seeds": [one.seed for one in next(iter(outcomes.values()))],
        "policies": {
            name: {key: together(by_seed) for key, by_seed in found.items()} for name, found in values.items()
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
    }


def _names(policy: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in policy.split(",") if name.strip()))
    unknown = [name for name in names if name not in POLICIES]
    if unknown or not names:
        raise typer.BadParameter(f"{', '.join(unknown) or 'none given'}: choose from {', '.join(POLICIES)}")
    return names


def _progress(policy: str, seed: int) -> Progress:
    """A running share on a terminal; elsewhere one line a run."""
    if not sys.stderr.isatty():
        print(f"{policy}, seed {seed}", file=sys.stderr, flush=True)
        return lambda _share: None
    return lambda share: print(f"\r{policy:8} seed {seed}  {share:6.1%}", end="", file=sys.stderr, flush=True)


def _by_key(runs: Sequence[Outcome]) -> dict[str, list[float | None]]:
    return {key: [one.measures[key] for one in runs] for key in runs[0].measures}


def _digest(digests: Iterable[str]) -> str:
    return sha256("\n".join(digests).encode()).hexdigest()


LABELS: Final[Mapping[str, str]] = {
    "search_s_mean": "寻位 search s",
    "search_s_p95": "寻位 95 % search s",
    "after_first_lot_s_mean": "首个车场起 from first lot s",
    "failures_per_driver": "碰壁 failures / driver",
    "cruising_km_mean": "绕行 detour km",
    "walk_m_mean": "步行 walk m",
    "not_parked_share": "未停成 never parked",
    "door_to_door_s_mean": "门到门 door to door s",
    "spillback_min": "溢出 spillback min",
    "jammed_section_min": "拥堵 jammed section min",
    "followed_to_full_share": "引到满场 led to full",
    "changes_per_lot_hour": "变字 changes / lot h",
    "occupancy_mae_share": "占用误差 occupancy error",
}


def table(result: Mapping[str, Any]) -> str:
    """Measures down, policies across: the mean over seeds, with the deviation where there is one."""
    policies = result["policies"]
    seeds = ", ".join(map(str, result["seeds"]))
    head = (
        f"{result['scenario']}  {result['hours']:g} h  种子 seeds {seeds}  听从 compliance {result['compliance']:.0%}"
    )
    lines = [head, "", _row("", list(policies))]
    for key, label in LABELS.items():
        lines.append(_row(label, [_cell(found[key]) for found in policies.values()]))
    return "\n".join([*lines, "", f"truth {result['truth_sha256']}", f"decisions {result['decisions_sha256']}"])


def _row(label: str, cells: Sequence[str]) -> str:
    wide = sum(east_asian_width(letter) in "WF" for letter in label)
    return label.ljust(32 - wide) + "".join(f"{cell:>22}" for cell in cells)


def _cell(found: Mapping[str, Any]) -> str:
    if found["mean"] is None:
        return "–"
    return _number(found["mean"]) + ("" if found["sd"] is None else f" ± {_number(found['sd'])}")


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
