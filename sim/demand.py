"""Who comes, when, from where, and what kind of driver that is: a non-homogeneous Poisson process, hour by hour.

Each hour of each flow has its own stream of chance, so the same seed brings the same drivers whatever signs say,
whenever the run begins and whichever other flows there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from parking.domain.calendar import Calendar, DayType
from sim.scenario import Demand, Flow, Reason, Scenario
from sim.streams import Purpose, stream

HOUR_S: Final = 3600
TASTES: Final = 8
"""Lots a driver may weigh at once; more are never in reach of one destination."""


@dataclass(frozen=True, slots=True)
class Driver:
    """Somebody who wants to park. Drawn whole before anything happens to them."""

    at: float
    """Seconds since 1970 at which they set out."""
    origin: int
    """Index of the portal."""
    destination: int
    stay_s: float
    patience_s: float
    """Longest wait at one entrance."""
    heeds: float
    """In 0..1; follows signs when below the scenario's compliance."""
    is_local: bool
    """Knows the lots of the town."""
    feet: float
    """How much walking weighs for them, 1 on average."""
    purse: float
    """How much money weighs for them, 1 on average."""
    whims: tuple[float, ...]
    """Gumbel noise for the nearest lots, in the order of the destination's list."""


class Arrivals:
    """All drivers of a scenario, asked for hour by hour."""

    def __init__(self, demand: Demand, scenario: Scenario, calendar: Calendar, seed: int) -> None:
        self._demand, self._scenario, self._calendar, self._seed = demand, scenario, calendar, seed
        self._portals = {place.id: nth for nth, place in enumerate(demand.portals)}
        self._destinations = {place.id: nth for nth, place in enumerate(demand.destinations)}

    def of_hour(self, hour: int) -> list[Driver]:
        """Drivers who set out in that hour since 1970, in the order of their times."""
        drivers = [driver for flow in self._demand.flows for driver in self._of_flow(flow, hour)]
        drivers.sort(key=lambda driver: driver.at)
        return drivers

    def _of_flow(self, flow: Flow, hour: int) -> list[Driver]:
        mean = cars_per_hour(self._demand, self._scenario, self._calendar, flow, hour)
        chance = stream(self._seed, Purpose.ARRIVALS, flow.destination, flow.reason, hour)
        count = int(chance.poisson(mean))
        if count == 0:
            return []
        return self._draw(flow, self._demand.reasons[flow.reason], hour, count, chance)

    def _draw(self, flow: Flow, reason: Reason, hour: int, count: int, chance: np.random.Generator) -> list[Driver]:
        at = hour * HOUR_S + chance.random(count) * HOUR_S
        shares = np.array(list(flow.origins.values()))
        origins = chance.choice([self._portals[one] for one in flow.origins], size=count, p=shares / shares.sum())
        stay = 60 * reason.stay_min * np.exp(reason.stay_sigma * chance.standard_normal(count))
        patience = 60 * reason.patience_min * np.exp(0.5 * chance.standard_normal(count))
        heeds, local = chance.random(count), chance.random(count) < reason.local_share
        feet, purse = np.exp(0.3 * chance.standard_normal((2, count)))
        whims = chance.gumbel(size=(count, TASTES))
        destination = self._destinations[flow.destination]
        columns = (one.tolist() for one in (at, origins, stay, patience, heeds, local, feet, purse, whims))
        return [
            Driver(when, origin, destination, stay_s, patience_s, heed, is_local, foot, money, tuple(whim))
            for when, origin, stay_s, patience_s, heed, is_local, foot, money, whim in zip(*columns, strict=True)
        ]


def cars_per_hour(demand: Demand, scenario: Scenario, calendar: Calendar, flow: Flow, hour: int) -> float:
    """Expected drivers of a flow in that hour since 1970."""
    local = calendar.local(datetime.fromtimestamp(hour * HOUR_S, UTC))
    trips = flow.trips.get(calendar.day_type(local.date()), 0.0)
    weights = demand.reasons[flow.reason].hours
    return scenario.factors.get(flow.reason, 1.0) * trips * weights[local.hour] / sum(weights)


def through_per_hour(demand: Demand, calendar: Calendar, hour: int) -> Sequence[float]:
    """Other vehicles an hour on each section of the demand's table, in its order."""
    local = calendar.local(datetime.fromtimestamp(hour * HOUR_S, UTC))
    is_workday = calendar.day_type(local.date()) is DayType.WORKDAY
    shares = demand.through_hours.workday if is_workday else demand.through_hours.free
    return [peak * shares[local.hour] for peak in demand.through.values()]
