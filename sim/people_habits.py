"""How people behave: how long things take, who is on duty when, how often somebody errs. Reasons: docs/people.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from math import ceil, exp
from types import MappingProxyType
from typing import Final

import numpy as np

from parking.domain.alert import AlertKind
from parking.domain.calendar import Calendar

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 24 * HOUR


class Trade(StrEnum):
    """People who go out, by what they do there."""

    UNIT = "unit"
    """Traffic police on motorcycles: they clear a road."""
    GUARD = "guard"
    """Staff of the parking operator."""
    TECHNICIAN = "technician"
    INSPECTOR = "inspector"
    """监督员: they verify before filing and check before closing."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long something takes: lognormal, as times of handling are."""

    median_s: float
    sigma: float = 0.5

    def draw_s(self, chance: np.random.Generator) -> float:
        """One such time, seconds."""
        return self.median_s * exp(self.sigma * float(chance.standard_normal()))


@dataclass(frozen=True, slots=True)
class Crews:
    """How many of a trade there are, and when."""

    lots_for_one: float
    """A town has one for so many of its lots, rounded up …"""
    least: int
    """… and at least so many."""
    opens: time
    closes: time
    at_night: int
    """How many are on duty outside those hours."""
    speed_kmh: float
    on_working_days_only: bool = False

    def number(self, lots: int) -> int:
        """How many a town with so many lots has."""
        return max(self.least, ceil(lots / self.lots_for_one))

    def on_duty(self, at: datetime, calendar: Calendar, lots: int) -> int:
        """How many are on duty at that instant."""
        local = calendar.local(at)
        is_day = self.opens <= local.time() < self.closes
        if is_day and (calendar.is_working_day(local.date()) or not self.on_working_days_only):
            return self.number(lots)
        return self.at_night


UNITS: Final = Crews(4, 3, time(7), time(22), 1, 28.0)
GUARDS: Final = Crews(8, 2, time(7), time(21), 0, 15.0)
TECHNICIANS: Final = Crews(10, 2, time(8, 30), time(17, 30), 0, 25.0, on_working_days_only=True)
INSPECTORS: Final = Crews(6, 2, time(7), time(22), 1, 18.0)


@dataclass(frozen=True, slots=True)
class Habits:
    """Everything that is not chance. Shares are of 1."""

    notice: Delay = Delay(40.0, 0.6)
    """From an alert's first sight to the officer's hand at it."""
    handle: Delay = Delay(20.0, 0.3)
    """How long the officer's hands are full with it."""
    officers_by_day: int = 2
    officers_by_night: int = 1
    officers_open: time = time(6, 30)
    officers_close: time = time(22, 30)
    crews: Mapping[Trade, Crews] = field(
        default_factory=lambda: MappingProxyType(
            {Trade.UNIT: UNITS, Trade.GUARD: GUARDS, Trade.TECHNICIAN: TECHNICIANS, Trade.INSPECTOR: INSPECTORS}
        )
    )
    set_off: Delay = Delay(75.0, 0.4)
    """From the order to being under way."""
    accept: Delay = Delay(4 * MINUTE, 0.5)
    """受理: from a call to the inspector's order."""
    file: Delay = Delay(5 * MINUTE, 0.5)
    """立案 by the shift leader."""
    dispatch: Delay = Delay(4 * MINUTE, 0.5)
    """派遣, and again after a return."""
    hand_back: Delay = Delay(3 * MINUTE, 0.5)
    """The dispatcher passes on what a department has reported."""
    look: Delay = Delay(3 * MINUTE, 0.4)
    """An inspector's look, on the spot or by camera."""
    by_camera: float = 0.4
    """Share of looks that need no way there."""
    close: Delay = Delay(10 * MINUTE, 0.6)
    """结案 by the shift leader."""
    tow: Delay = Delay(18 * MINUTE, 0.4)
    """A crash, from the unit's arrival to a free road."""
    move_on: Delay = Delay(8 * MINUTE, 0.4)
    """Cars that stand where they must not."""
    repair: Delay = Delay(35 * MINUTE, 0.7)
    """A sensor or a sign, with its parts at hand."""
    stay_s: float = 20 * MINUTE
    """A unit at a lot's entrance leaves no earlier: the queue would be back at once."""
    quiet_s: float = 5 * MINUTE
    """So long nothing is wrong before anybody calls it over."""
    returns: float = 0.05
    """Cases that a department takes for somebody else's."""
    shams: float = 0.05
    """Cases that are reported as done and are not."""
    lacks_part: float = 0.12
    """Repairs that wait for a part …"""
    part: Delay = Delay(20 * HOUR, 0.6)
    """… for so long."""
    from_maker: float = 0.15
    """Of those, how many parts come from the maker: the case is suspended (挂账) …"""
    maker_days: int = 5
    """… for so many days."""
    grants: float = 0.8
    """Requests for more time that the dispatcher grants."""
    calls_per_min: Mapping[AlertKind, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                AlertKind.JAM: 0.02,
                AlertKind.LOT_QUEUE: 0.01,
                AlertKind.ILLEGAL_PARKING: 0.02,
                AlertKind.ROAD_CLOSED: 0.05,
            }
        )
    )
    """Calls to the hotline by each trouble that citizens see, while they are awake."""
    crash_calls_per_min: float = 0.15
    wrong_calls_per_day: float = 1.0
    """Of what is over, or never was."""
    awake: tuple[time, time] = (time(6, 30), time(23, 0))


HABITS: Final = Habits()
