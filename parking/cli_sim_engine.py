"""The engine as one of the policies a simulated street can be run under."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from parking.domain.decisions import Decisions
from parking.domain.guidance import Guidance
from parking.domain.inputs import Input, ModelFitted
from parking.domain.town import Town
from parking.engine import Engine
from parking.fitting import fit_model
from sim.ground import Ground
from sim.past import past_slots
from sim.policies import Order
from sim.scenario import Scenario
from sim.street import Street
from sim.translate import inputs_of
from sim.verdict import Alarm
from sim.wire import Message, Show

PAST_DAYS: Final = 15
"""Fictional days before the scenario from which the forecast learns, as in the demo."""
EPOCH: Final = 1


class Ear(Protocol):
    """Somebody who is told every tick: a recorder, a judge of alerts, people who answer."""

    def hear(self, engine: Engine, inputs: Sequence[Input], decisions: Decisions) -> Iterable[Input]:
        """What the engine took since the tick before, in order, and what it decided; returns what it is told next."""
        ...


class EnginePolicy:
    """`engine`: ours. It sees what the hardware says and nothing else; signs confirm what they show.

    As behind the input log, what is said twice reaches the engine once.
    """

    def __init__(
        self, town: Town, fitted: ModelFitted | None = None, *, told: Iterable[Input] = (), ears: Sequence[Ear] = ()
    ) -> None:
        self._engine, self._ears = Engine(town), ears
        self._taken: list[Input] = []
        self._take(told if fitted is None else (fitted, *told))
        self._heard: set[tuple[str, int, int, datetime]] = set()
        self._index = {lot.id: nth for nth, lot in enumerate(town.lots)}
        self._believed: list[float | None] = [None] * len(town.lots)
        self._alarms: dict[str, Alarm] = {}

    def hear(self, said: Sequence[Message], at: int) -> None:
        """Hand readings over, then confirmations, as the input log does."""
        readings, shown = inputs_of(said, datetime.fromtimestamp(at, UTC))
        self._take(one for one in readings if self._is_new((one.device, one.boot, one.seq, one.at)))
        self._take(one for one in shown if self._is_new((one.sign, one.epoch, one.sequence, one.at)))

    def _take(self, inputs: Iterable[Input]) -> None:
        known = tuple(inputs)
        self._engine.take(known)
        if self._ears:
            self._taken += known

    def _is_new(self, identity: tuple[str, int, int, datetime]) -> bool:
        if identity in self._heard:
            return False
        self._heard.add(identity)
        return True

    def decide(self, street: Street, at: int) -> Sequence[Order]:
        """One tick; the street is not looked at."""
        decisions = self._engine.decide(datetime.fromtimestamp(at, UTC))
        for one in decisions.lots:
            known = one.occupancy.free is not None
            self._believed[self._index[one.lot]] = one.occupancy.taken if known else None
        for alert in decisions.alerts:
            cleared = None if alert.cleared_at is None else alert.cleared_at.timestamp()
            self._alarms[str(alert.id)] = Alarm(alert.kind, alert.subject, alert.raised_at.timestamp(), cleared)
        taken, self._taken = self._taken, []
        # Everybody hears the same engine, whatever one of them answers.
        self._take([answer for ear in self._ears for answer in ear.hear(self._engine, taken, decisions)])
        return [_order(guidance) for guidance in decisions.guidance]

    def alarms(self) -> Sequence[Alarm]:
        """Every alert so far, as its newest version has it."""
        return tuple(self._alarms.values())

    def believes(self) -> Sequence[float | None]:
        """The newest estimate of each lot that anybody was told."""
        return self._believed


def learn(ground: Ground, scenario: Scenario, seed: int) -> ModelFitted:
    """What the forecast learns from the days before; the demo begins with the same."""
    slots = past_slots(ground, scenario, scenario.begins, PAST_DAYS, seed)
    return fit_model(ground.town, slots, scenario.begins)


def _order(guidance: Guidance) -> Order:
    at, until = guidance.at.timestamp(), guidance.until.timestamp()
    rows = sorted(guidance.rows, key=lambda row: row.line)
    show = Show(EPOCH, guidance.sequence, at, until, until - at, tuple(row.text for row in rows))
    return Order(str(guidance.sign), show, tuple(row.state for row in rows))
