"""One seed under one policy, or every seed under every policy, side by side where there are cores for it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeAlias

from parking.cli_sim_engine import Ear, EnginePolicy, learn
from parking.cli_sim_people import Desk
from parking.cli_sim_plans import plans_of
from parking.cli_sim_record import record_turn
from parking.domain.town import Town
from sim.core import compiled
from sim.dry import DryRun, Outcome, Progress
from sim.ground import Ground, ground_of
from sim.people import People
from sim.policies import FREE_ABOVE, FULL_BELOW, Counting, Oracle, Policy, Silence
from sim.scenario import Scenario

Make: TypeAlias = Callable[[Ground, Scenario, int, Sequence[Ear]], Policy]

POLICIES: Final[Mapping[str, Make]] = {
    "none": lambda _ground, _scenario, _seed, _ears: Silence(),
    "count": lambda ground, _scenario, _seed, _ears: Counting(ground.town),
    "margin": lambda ground, _scenario, _seed, _ears: Counting(ground.town, FULL_BELOW, FREE_ABOVE),
    "engine": lambda ground, scenario, seed, ears: EnginePolicy(
        ground.town, learn(ground, scenario, seed), told=plans_of(scenario, ground), ears=ears
    ),
    "oracle": lambda ground, _scenario, _seed, _ears: Oracle(ground.town),
}
OURS: Final = "engine"


@dataclass(frozen=True, slots=True)
class Besides:
    """What a run has besides drivers, hardware and a policy."""

    record: Path | None = None
    network: Path | None = None
    people: bool = False
    cases: Path | None = None


BARE: Final = Besides()


def turn_all(
    town: Town,
    scenario: Scenario,
    seeds: Sequence[int],
    names: Sequence[str],
    hours: float,
    jobs: int,
    besides: Besides = BARE,
) -> dict[str, list[Outcome]]:
    """Every seed under every policy, each in a process of its own where there are cores for it."""
    pairs = [(name, seed) for name in names for seed in seeds]
    if compiled.is_first_time:
        print("首次编译，约半分钟 · compiling the street for the first time, about half a minute", file=sys.stderr)
    if jobs == 1 or len(pairs) == 1:
        found = [turn(town, scenario, seed, name, hours, _progress(name, seed), besides) for name, seed in pairs]
        _end_of_progress()
    else:
        found = _side_by_side(town, scenario, pairs, hours, jobs, besides)
    return {name: [one for (policy, _), one in zip(pairs, found, strict=True) if policy == name] for name in names}


def _side_by_side(
    town: Town,
    scenario: Scenario,
    pairs: Sequence[tuple[str, int]],
    hours: float,
    jobs: int,
    besides: Besides,
) -> list[Outcome]:
    # The first one alone: it compiles what the others then find compiled.
    name, seed = pairs[0]
    first = turn(town, scenario, seed, name, hours, _progress(name, seed), besides)
    with ProcessPoolExecutor(min(jobs, len(pairs) - 1), mp_context=get_context("spawn")) as pool:
        rest = pairs[1:]
        waiting = [pool.submit(turn, town, scenario, seed, name, hours, besides=besides) for name, seed in rest]
        found = [first]
        for nth, (one, (name, seed)) in enumerate(zip(waiting, rest, strict=True), start=2):
            found.append(one.result())
            line, end = ("\r", "") if sys.stderr.isatty() else ("", "\n")
            print(f"{line}{name}, seed {seed}  {nth}/{len(pairs)}", end=end, file=sys.stderr, flush=True)
    _end_of_progress()
    return found


def turn(
    town: Town,
    scenario: Scenario,
    seed: int,
    policy: str,
    hours: float,
    progress: Progress = lambda _share: None,
    besides: Besides = BARE,
) -> Outcome:
    """One seed under one policy; with a recording of it when the policy is ours, with people when they are wanted.

    Without alerts people hear of trouble from citizens alone.
    """
    ground = replace(ground_of(scenario, town, seed), network=besides.network)
    desks = [Desk(ground.town, People(ground.town, seed))] if besides.people else []
    if besides.record is not None and policy == OURS:
        outcome = record_turn(ground, scenario, seed, hours, besides.record, progress, desks, desks)
    else:
        policed = POLICIES[policy](ground, scenario, seed, desks)
        outcome = DryRun(ground, scenario, seed, policed, hours, desks).run(progress)
    for desk in desks:
        outcome = replace(outcome, cases=desk.summary())
        if besides.cases is not None:
            besides.cases.mkdir(parents=True, exist_ok=True)
            desk.write(besides.cases / f"{policy}-{seed}.jsonl")
    return outcome


def _progress(policy: str, seed: int) -> Progress:
    """A running share on a terminal; elsewhere one line a run."""
    if not sys.stderr.isatty():
        print(f"{policy}, seed {seed}", file=sys.stderr, flush=True)
        return lambda _share: None
    return lambda share: print(f"\r{policy:8} seed {seed}  {share:6.1%}", end="", file=sys.stderr, flush=True)


def _end_of_progress() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
