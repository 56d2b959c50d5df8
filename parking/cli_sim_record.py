"""One seed under our engine, recorded: `parking sim run S --policy engine --record FILE`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import typer

from parking.cli_sim_engine import Ear, EnginePolicy, learn
from parking.cli_sim_plans import plans_of
from parking.recording.nouns import Origin, Source
from parking.recording.recorder import recording
from sim.dry import DryRun, Outcome, Progress, Witness
from sim.ground import Ground
from sim.scenario import Scenario

SEED: Final = "{seed}"
"""In the name of the file: where each seed's number goes."""


def check_record(record: Path | None, policies: Sequence[str], seeds: int) -> None:
    """Refuse what cannot be recorded, before anything is run."""
    if record is None:
        return
    if "engine" not in policies:
        raise typer.BadParameter("--record records the engine's decisions: add engine to --policy")
    if seeds > 1 and SEED not in record.name:
        raise typer.BadParameter(f"--record: one file holds one seed: write {SEED} in its name, or take --seeds 1")


def record_turn(
    ground: Ground,
    scenario: Scenario,
    seed: int,
    hours: float,
    file: Path,
    progress: Progress,
    ears: Sequence[Ear] = (),
    witnesses: Sequence[Witness] = (),
) -> Outcome:
    """One run, with its recording beside it; what the street came to stands at the recording's end."""
    plain = msgspec.to_builtins(scenario, order="deterministic")
    origin = Origin(Source.SIMULATION, scenario.name, seed=seed, scenario=plain)
    named = file.with_name(file.name.replace(SEED, str(seed)))
    with recording(named, ground.town, origin) as recorder:
        told = plans_of(scenario, ground)
        policy = EnginePolicy(ground.town, learn(ground, scenario, seed), told=told, ears=(recorder, *ears))
        outcome = DryRun(ground, scenario, seed, policy, hours, witnesses).run(progress)
        recorder.finish(
            outcome.measures,
            {
                "drivers_sha256": outcome.drivers_sha256,
                "truth_sha256": outcome.truth_sha256,
                "readings_sha256": outcome.readings_sha256,
                "orders_sha256": outcome.decisions_sha256,
            },
        )
    return outcome
