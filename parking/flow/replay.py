"""A recorded day through the engine as fast as it goes: no wires, no stores, the same decisions every time."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from parking.cases.file import needs_case
from parking.codec import encode
from parking.domain.decisions import Decisions
from parking.domain.grid import grid_after
from parking.domain.guidance import Guidance, Shown
from parking.domain.ids import AlertId, LotId
from parking.domain.inputs import Input
from parking.domain.occupancy import Occupancy
from parking.domain.reading import Reading
from parking.engine import STEP_S, Engine
from signage.wording import texts

SCORED_MIN = (30, 60)
"""Horizons whose error is told."""


@dataclass(slots=True)
class Score:
    """Absolute errors of one horizon against what came, in shares of capacity."""

    pairs: int = 0
    error: float = 0.0
    same_as_now: float = 0.0

    def as_dict(self) -> dict[str, float | None]:
        """Mean absolute errors in % of capacity; None when nothing could be scored."""
        if not self.pairs:
            return {"mae": None, "same_as_now": None}
        return {
            "mae": round(100 * self.error / self.pairs, 4),
            "same_as_now": round(100 * self.same_as_now / self.pairs, 4),
        }


@dataclass(slots=True)
class Report:
    """What a replay did; the keys others rely on."""

    readings: int = 0
    lots: int = 0
    decisions: int = 0
    """Ticks decided."""
    sign_changes: int = 0
    """Guidance whose state words differ from the ones before."""
    alerts: int = 0
    cases: int = 0
    """Alerts grave enough for a case; a replay files none."""
    wall_s: float = 0.0
    simulated_s: float = 0.0
    decisions_sha256: str = ""
    forecast: dict[str, Score] = field(default_factory=lambda: {str(minutes): Score() for minutes in SCORED_MIN})

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        rate = self.simulated_s / self.wall_s if self.wall_s else None
        return {
            "readings": self.readings,
            "lots": self.lots,
            "decisions": self.decisions,
            "sign_changes": self.sign_changes,
            "alerts": self.alerts,
            "cases": self.cases,
            "wall_s": round(self.wall_s, 3),
            "simulated_s": self.simulated_s,
            "times_real": None if rate is None else round(rate),
            "decisions_sha256": self.decisions_sha256,
            "forecast": {minutes: score.as_dict() for minutes, score in self.forecast.items()},
        }


class Scoring:
    """Keeps point forecasts until their time comes. Only lots whose number is known at both ends are scored."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._due: dict[datetime, list[tuple[LotId, str, float, float]]] = {}

    def hear(self, decisions: Decisions) -> None:
        """Score what is due at this slot, then remember what it forecasts."""
        known = {slot.lot: slot for slot in decisions.slot if slot.free is not None}
        for lot, name, point, now in self._due.pop(_minute(decisions.at), ()):
            if (truth := known.get(lot)) is not None:
                self._score(self._report.forecast[name], truth, point, now)
        for forecast in decisions.forecasts:
            if (slot := known.get(forecast.lot)) is None:
                continue
            middle = forecast.quantiles.index(0.5)
            for minutes in SCORED_MIN:
                if minutes not in forecast.horizons_min:
                    continue
                point = forecast.taken[forecast.horizons_min.index(minutes)][middle]
                due = _minute(decisions.at) + timedelta(minutes=minutes)
                self._due.setdefault(due, []).append((forecast.lot, str(minutes), point, slot.taken))

    @staticmethod
    def _score(score: Score, truth: Occupancy, point: float, now: float) -> None:
        score.pairs += 1
        score.error += abs(point - truth.taken) / truth.capacity
        score.same_as_now += abs(now - truth.taken) / truth.capacity


class Account:
    """Keeps a report up to date, tick after tick."""

    def __init__(self, lots: int) -> None:
        self.report = Report(lots=lots)
        self._scoring, self._digest = Scoring(self.report), sha256()
        self._alerts: set[AlertId] = set()
        self._cases: set[AlertId] = set()

    def hear(self, readings: int, decisions: Decisions, encoded: bytes) -> None:
        """One tick: readings taken before it, what was decided, and the same as `encode` gives it."""
        report = self.report
        self._digest.update(encoded)
        report.readings += readings
        report.decisions += 1
        if decisions.is_empty:
            return
        self._scoring.hear(decisions)
        report.sign_changes += sum(one.changed for one in decisions.guidance)
        self._alerts.update(alert.id for alert in decisions.alerts)
        self._cases.update(alert.id for alert in decisions.alerts if needs_case(alert))

    def close(self) -> Report:
        """The report as it stands; time is left to whoever kept it."""
        report = self.report
        report.alerts, report.cases = len(self._alerts), len(self._cases)
        report.decisions_sha256 = self._digest.hexdigest()
        return report


Ear = Callable[[Engine, Sequence[Input], Decisions], None]
"""Told every tick: the engine, what it took since the tick before, in order, and what it decided."""


def replay(
    engine: Engine,
    readings: Iterable[Reading],
    *,
    begins: datetime,
    ends: datetime,
    told: Iterable[Input] = (),
    progress: Callable[[datetime, Report], None] = lambda _at, _report: None,
    ear: Ear = lambda _engine, _inputs, _decisions: None,
) -> Report:
    """Turn the engine over [begins, ends) of street time; its signs confirm what they are told.

    Args:
        engine: fresh, or already taught by an earlier stretch; its last tick must lie before `begins`.
        readings: in the order they were received.
        begins: earlier readings are taken before the first tick.
        ends: the first reading at or after it ends the replay.
        told: taken before everything else.
        progress: called once a simulated hour.
        ear: called every tick.
    """
    account, waiting, started = Account(len(engine.town.lots)), _Stream(readings), time.perf_counter()
    at = grid_after(begins - timedelta(seconds=STEP_S), STEP_S)
    others: tuple[Input, ...] = tuple(told)
    engine.take(others)
    shown: tuple[Shown, ...] = ()
    while at < ends:
        taken = waiting.until(at)
        engine.take(taken)
        engine.take(shown)
        decisions = engine.decide(at)
        ear(engine, (*others, *taken, *shown), decisions)
        others, shown = (), tuple(shown_at_once(guidance, at) for guidance in decisions.guidance)
        account.hear(len(taken), decisions, encode(decisions))
        if at.minute == at.second == 0:
            account.report.wall_s = time.perf_counter() - started
            progress(at, account.report)
        at += timedelta(seconds=STEP_S)
    report = account.close()
    report.wall_s = time.perf_counter() - started
    report.simulated_s = (ends - begins).total_seconds()
    return report


class _Stream:
    """Readings up to a time, once."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._rest: Iterator[Reading] = iter(readings)
        self._next: Reading | None = next(self._rest, None)

    def until(self, at: datetime) -> list[Reading]:
        taken = []
        while self._next is not None and self._next.received_at <= at:
            taken.append(self._next)
            self._next = next(self._rest, None)
        return taken


def shown_at_once(guidance: Guidance, at: datetime, epoch: int = 1) -> Shown:
    """What a sign without faults confirms by the next tick."""
    return Shown(guidance.sign, epoch, guidance.sequence, at=at, received_at=at, rows=texts(guidance))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
