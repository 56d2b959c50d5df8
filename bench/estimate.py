"""How honest the estimate is on the simulated street: how far off, inside its band, how soon it finds what is broken.

The scenario `hard-faults` and the same day without faults, beside the plain counts of the same sensors; then trials in
which one thing breaks at one busy lot, and a day without faults in which nothing may be doubted. Everything without
wires; readings reach the estimator each five seconds, as ticks do.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from statistics import fmean
from typing import Any, Final

import numpy as np

from parking.domain.settings import EstimateSettings
from parking.domain.town import Town
from parking.towns.load import load_town
from sensors.estimate import Estimator
from sim.board import Board
from sim.faults import Fault, FaultKind
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.ground import Ground, ground_of
from sim.notary import greet
from sim.plain import PlainCounts
from sim.policies import FREE_ABOVE, FULL_BELOW, Counting
from sim.scenario import Scenario
from sim.shipped import load_scenario
from sim.streets import street_on
from sim.translate import inputs_of

STEP_S: Final = 5
SEEDS: Final = (1, 2, 3, 4, 5)
BAND: Final = 1.96
NOT_TOLD: Final = 2
"""Qualities from here on stand on no sign."""
LIMITS: Final = {
    "mae_share": 0.025,
    "of_plain": 0.30,
    "inside": (0.90, 0.98),
    "width_clean": 0.10,
    "width_faulty": 0.20,
    "found_share": 0.90,
    "false_per_lot_month": 1.0,
}
WARM_MIN: Final = 35.0
"""Minutes of traffic before something breaks, at a quarter past nine: lots fill, and none is full. In a full lot one
comes when one goes, and nobody can tell a counter that hangs from one that counts; nor does it matter."""
WITHIN_S: Final = 600
BUSY_LOTS: Final = ("P13", "P15", "P03", "P01", "P06")
MONTH_H: Final = 720.0

TRIALS: Final = {
    "stuck_gate": (FaultKind.STUCK, "gate-{}", ("gate_stuck",)),
    "stuck_count": (FaultKind.STUCK, "barrier-{}", ("count_stuck",)),
    "silent": (FaultKind.BATTERY_DEATH, "gate-{}", ("one_source_silent", "silent")),
    "reset": (FaultKind.COUNTER_RESET, "gate-{}", ("restarted",)),
    "closed": (FaultKind.LOT_CLOSED, "{}", ("blocked",)),
}
"""What breaks, where, and the reasons that tell so."""


@dataclass(slots=True)
class Score:
    """Sums over lots and ticks."""

    errors: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    untold: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """The figures."""
        off, plain = fmean(self.errors), fmean(self.plain)
        return {
            "mae_share": round(off, 5),
            "plain_mae_share": round(plain, 5),
            "of_plain": round(off / plain, 3),
            "inside_95": round(fmean(self.inside), 4),
            "band_width_share": round(fmean(self.widths), 4),
            "untold_share": round(fmean(self.untold), 4),
        }


class Run:
    """One seed of a scenario with these faults, and the estimate beside the truth."""

    def __init__(self, ground: Ground, scenario: Scenario, seed: int, faults: Sequence[Fault]) -> None:
        self.town: Town = ground.town
        self.street = street_on(ground, scenario, seed)
        self.begins = int(self.street.now)
        sound = fit_out(self.town, self.street, seed, boot=self.begins)
        self._hardware = with_faults(sound, faults, self.town, seed, scenario.begins)
        greet(self._hardware, self.begins)
        self._signs = Counting(self.town, FULL_BELOW, FREE_ABOVE)
        self._boards = {one.mouth.device: one for one in self._hardware.devices if isinstance(one, Board)}
        self.estimator = Estimator(self.town.lots, self.town.devices, EstimateSettings(), self.town.calendar.timezone)
        self.plain = PlainCounts(self.town)
        self.capacity = np.array([lot.capacity for lot in self.town.lots], dtype=np.float64)

    def ticks(self, hours: float) -> Iterator[int]:
        """Each five seconds, after everything has been heard."""
        for at in range(self.begins + 1, self.begins + round(hours * 3600) + 1):
            self.street.advance(at)
            said = self._hardware.observe(self.street, at)
            self._signs.hear(said, at)
            self.plain.hear(said)
            if said:
                for reading in inputs_of(said, datetime.fromtimestamp(at, UTC))[0]:
                    self.estimator.take(reading)
            if at % STEP_S == 0:
                for order in self._signs.decide(self.street, at):
                    self._boards[order.sign].obey(order.show, at)
                yield at


def run(*, quiet: bool = False) -> dict[str, Any]:
    """Everything; a few minutes."""
    hard, holiday, weekday = (load_scenario(name) for name in ("hard-faults", "holiday", "weekday"))
    town, morning = load_town(), replace(holiday, begins=holiday.begins.replace(hour=8, minute=40))
    found: dict[str, Any] = {"limits": LIMITS}
    for name, scenario in (("hard_faults", hard), ("clean", holiday)):
        score = Score()
        for seed in SEEDS:
            _say(f"{name}, seed {seed}", quiet=quiet)
            _score(Run(ground_of(scenario, town, seed), scenario, seed, scenario.faults), score)
        found[name] = score.told()
    for name, trial in TRIALS.items():
        _say(name, quiet=quiet)
        found[name] = _tried(name, trial, morning, town)
    _say("a day without faults", quiet=quiet)
    found["false_marks"] = _false_marks(weekday, town)
    return found


def _score(run: Run, score: Score, hours: float = 3.0) -> None:
    for at in run.ticks(hours):
        found = run.estimator.estimate(datetime.fromtimestamp(at, UTC))
        truth = np.array([park.taken for park in run.street.carparks], dtype=np.float64)
        told = found.quality < NOT_TOLD
        off = np.abs(found.taken - truth)
        score.errors += (off / run.capacity)[told].tolist()
        score.inside += (off <= BAND * found.sd + 0.5)[told].astype(float).tolist()
        score.widths += (2 * BAND * found.sd / run.capacity)[told].tolist()
        score.untold.append(float(np.mean(~told)))
        plain = np.array([np.nan if one is None else one for one in run.plain.taken], dtype=np.float64)
        score.plain += (np.abs(plain - truth) / run.capacity)[~np.isnan(plain)].tolist()


def _tried(
    name: str, trial: tuple[FaultKind, str, tuple[str, ...]], scenario: Scenario, town: Town
) -> dict[str, float]:
    kind, pattern, reasons = trial
    delays: list[float] = []
    trials = 0
    for seed in SEEDS[:3]:
        for lot in BUSY_LOTS:
            fault = Fault(kind, (pattern.format(lot),), WARM_MIN, WARM_MIN + 60.0)
            run = Run(ground_of(scenario, town, seed), scenario, seed, (fault,))
            trials += 1
            delay = _delay(run, [str(one.id) for one in town.lots].index(lot), reasons)
            delays += [] if delay is None else [delay]
    within = [delay for delay in delays if delay <= WITHIN_S]
    return {
        "trials": trials,
        "found_share": round(len(within) / trials, 3),
        "delay_s_mean": round(fmean(within), 1) if within else -1.0,
    }


def _delay(run: Run, i: int, reasons: Sequence[str]) -> float | None:
    """Seconds from the break to the first tick that tells it."""
    broken = run.begins + WARM_MIN * 60
    for at in run.ticks((WARM_MIN + 1) / 60 + WITHIN_S / 3600):
        reason = run.estimator.estimate(datetime.fromtimestamp(at, UTC)).reason[i]
        if at >= broken and reason in reasons:
            return at - broken
    return None


def _false_marks(scenario: Scenario, town: Town, hours: float = 24.0) -> dict[str, float]:
    """Doubts that begin on days without faults, by lot and month."""
    marks, lot_hours = 0, 0.0
    for seed in SEEDS[:3]:
        plain = replace(scenario, faults=())
        run, before = Run(ground_of(plain, town, seed), plain, seed, ()), [""] * len(town.lots)
        for at in run.ticks(hours):
            now = run.estimator.estimate(datetime.fromtimestamp(at, UTC)).reason
            if at - run.begins > WITHIN_S:
                marks += sum(new != old and new != "" for new, old in zip(now, before, strict=True))
            before = list(now)
        lot_hours += hours * len(town.lots)
    return {"marks": marks, "lot_hours": lot_hours, "per_lot_month": round(marks / lot_hours * MONTH_H, 2)}


def _say(words: str, *, quiet: bool) -> None:
    if not quiet:
        print(words, file=sys.stderr, flush=True)
