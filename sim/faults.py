"""Faults as data: what goes wrong between the street and the wire, at which devices, when, and how badly.

A scenario's `[[fault]]` tables become these values (`faults_file`); `faults_stage` makes them happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from math import inf
from typing import Final, TypeAlias

import numpy as np

from parking.domain.calendar import Calendar
from parking.domain.device import DeviceKind

Value: TypeAlias = float | bool | str
Moment: TypeAlias = time | float
"""A time of the town's clock, or minutes after the run's begin."""

GATE, BARRIER, BAYS = DeviceKind.GATE, DeviceKind.BARRIER_SYSTEM, DeviceKind.BAY_GATEWAY
CAMERA, LOOP, SIGN = DeviceKind.CAMERA, DeviceKind.LOOP, DeviceKind.SIGN

SENSORS: Final = frozenset({GATE, BARRIER, BAYS, CAMERA, LOOP})
EVERYTHING: Final = SENSORS | {SIGN}


class FaultKind(StrEnum):
    """What goes wrong, in the order from the street to the wire: the first happens before the later ones."""

    LOT_CLOSED = "lot_closed"
    """A lot shuts its entrance and tells nobody: the only fault that touches the truth."""
    MISCOUNT = "miscount"
    """Passages are missed or counted twice; what was counted wrong stays wrong."""
    DRIFT = "drift"
    """A count runs away slowly, and stays where it got to."""
    STUCK = "stuck"
    """A counter says the same for the whole window."""
    COUNTER_RESET = "counter_reset"
    """Totals begin again at zero, and no new boot is told."""
    WRAP = "wrap"
    """Totals are kept in few bits and begin again at zero when those are full."""
    BATTERY_DEATH = "battery_death"
    """A device falls silent until somebody brings a battery; it told its charge before."""
    GATEWAY_RESTART = "gateway_restart"
    """A device is away for the window and comes back with a new boot and totals from zero."""
    CLOCK_SKEW = "clock_skew"
    """A device's clock gains or loses."""
    CLOCK_JUMP = "clock_jump"
    """A device's clock is off by the same for the whole window."""
    SIGN_STUCK = "sign_stuck"
    """A sign's lamps spell something else than they are told."""
    SIGN_MUTE = "sign_mute"
    """A sign obeys and does not confirm."""
    SIGN_OFFLINE = "sign_offline"
    """A sign neither hears nor speaks; its lamps go neutral when their order ends."""
    DROPPED = "dropped"
    """Messages are lost."""
    LATE = "late"
    """Messages arrive late, and so behind younger ones."""
    DISORDER = "disorder"
    """Messages arrive right behind the device's next one."""
    DUPLICATED = "duplicated"
    """Messages arrive twice."""
    LINE_CUT = "line_cut"
    """A device's line is broken: it keeps what it says and tells it all at the end of the window."""
    BROKER_GONE = "broker_gone"
    """Every line is broken, and nobody is there to speak a Will."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a number may be; without a default it has to be given."""

    least: float
    most: float
    default: float | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """Which devices a kind can befall, and what it has to be told."""

    befalls: frozenset[DeviceKind]
    """Empty where it befalls lots."""
    parameters: Mapping[str, Span | bool | str] = field(default_factory=dict)
    """A bool or a text stands for itself as default."""
    needs_end: bool = False


SHARE: Final = Span(0.0, 1.0)
LAWS: Final[Mapping[FaultKind, Law]] = {
    FaultKind.LOT_CLOSED: Law(frozenset()),
    FaultKind.MISCOUNT: Law(
        frozenset({GATE, BARRIER, LOOP}), {"missed_share": Span(0, 1, 0.0), "double_share": Span(0, 1, 0.0)}
    ),
    FaultKind.DRIFT: Law(frozenset({GATE, BARRIER, CAMERA}), {"cars_per_h": Span(-1000, 1000)}),
    FaultKind.STUCK: Law(SENSORS, {"catches_up": False}),
    FaultKind.COUNTER_RESET: Law(frozenset({GATE})),
    FaultKind.WRAP: Law(frozenset({GATE}), {"bits": Span(4, 32, 16.0), "first": Span(0, 2**32 - 1, 0.0)}),
    FaultKind.BATTERY_DEATH: Law(SENSORS, {"warns_min": Span(0, 100_000, 60.0)}),
    FaultKind.GATEWAY_RESTART: Law(SENSORS, needs_end=True),
    FaultKind.CLOCK_SKEW: Law(EVERYTHING, {"s_per_h": Span(-3600, 3600)}),
    FaultKind.CLOCK_JUMP: Law(EVERYTHING, {"offset_s": Span(-1e10, 1e10)}),
    FaultKind.SIGN_STUCK: Law(frozenset({SIGN}), {"text": "", "confirms_orders": False}),
    FaultKind.SIGN_MUTE: Law(frozenset({SIGN})),
    FaultKind.SIGN_OFFLINE: Law(frozenset({SIGN})),
    FaultKind.DROPPED: Law(EVERYTHING, {"share": SHARE}),
    FaultKind.LATE: Law(EVERYTHING, {"share": SHARE, "least_s": Span(1, 86_400, 5.0), "most_s": Span(1, 86_400, 90.0)}),
    FaultKind.DISORDER: Law(EVERYTHING, {"share": SHARE}),
    FaultKind.DUPLICATED: Law(EVERYTHING, {"share": SHARE}),
    FaultKind.LINE_CUT: Law(EVERYTHING, needs_end=True),
    FaultKind.BROKER_GONE: Law(EVERYTHING, needs_end=True),
}


@dataclass(slots=True, eq=False)
class Window:
    """[begins, ends), seconds since 1970; who mends the fault ends it early."""

    begins: float
    ends: float

    def holds(self, at: float) -> bool:
        """Whether the fault is there at that instant."""
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    kind: FaultKind
    who: tuple[str, ...]
    """Ids or patterns (`gate-*`) of devices; of lots where a lot closes."""
    begins: Moment = 0.0
    ends: Moment = inf
    spread_min: float = 0.0
    """Each device's window begins later than said, by its own chance up to this."""
    seed: int = 0
    """Another number gives other chances on the same street."""
    parameters: Mapping[str, Value] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """The parameter of that name, or its default."""
        given = self.parameters.get(name)
        if given is not None:
            return given
        law = LAWS[self.kind].parameters[name]
        if not isinstance(law, Span):
            return law
        if law.default is None:
            raise ValueError(f"{self.kind}: {name} has no default; give it")
        return law.default

    def number(self, name: str) -> float:
        """That parameter, a number."""
        return float(self.value(name))

    def befalls(self, name: str, kind: DeviceKind | None = None) -> bool:
        """Whether it befalls that device, of that kind; a lot has none."""
        named = any(fnmatchcase(name, pattern) for pattern in self.who)
        return named and (kind in LAWS[self.kind].befalls if kind else not LAWS[self.kind].befalls)

    def window(self, begins: datetime, calendar: Calendar, chance: np.random.Generator) -> Window:
        """When it is there in a run that begins then; a window that was over before begins a day later."""
        first, last = span(self.begins, self.ends, begins, calendar)
        later = float(chance.random()) * self.spread_min * 60
        return Window(first + later, last + later)


def span(first: Moment, last: Moment, begins: datetime, calendar: Calendar) -> tuple[float, float]:
    """Seconds since 1970 of two moments of a run that begins then; what was over by then happens a day later."""
    since, until = (_instant(one, begins, calendar) for one in (first, last))
    day = timedelta(days=1).total_seconds()
    if until <= since:
        until += day
    return (since + day, until + day) if until <= begins.timestamp() else (since, until)


def _instant(moment: Moment, begins: datetime, calendar: Calendar) -> float:
    if isinstance(moment, time):
        return calendar.local(begins).replace(
            hour=moment.hour, minute=moment.minute, second=moment.second, microsecond=0
        ).timestamp()  # fmt: skip
    return begins.timestamp() + moment * 60
