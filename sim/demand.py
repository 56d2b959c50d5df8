"""Who comes, when, from where, and what kind of driver that is: a non-homogeneous Poisson process, hour by hour.

Each hour of each flow has its own stream of chance, so the same seed brings the same drivers whatever signs say,
whenever the run begins and whichever other flows there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from parking.domain.calendar import Calendar, DayType
from sim.core.fields import OFFERS
from sim.faults import span
from sim.scenario import Demand, Flow, Gathering, Scenario
from sim.streams import Purpose, stream

HOUR_S: Final = 3600
PATIENCE_SIGMA: Final = 0.9
"""Spread of the logarithm of patience: one driver in six waits less than 40 % of what is usual for their reason."""


Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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


class Drivers(NamedTuple):
    """Drivers of an hour as columns, each of shape (n,), whims (n, OFFERS), in the order of their times."""

    at: Floats
    origin: Ints
    destination: Ints
    stay_s: Floats
    patience_s: Floats
    heeds: Floats
    is_local: NDArray[np.bool_]
    feet: Floats
    purse: Floats
    whims: Floats

    def only(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Drivers":
        """Those rows."""
        return Drivers._make(column[which] for column in self)


@dataclass(frozen=True, slots=True)
class Source:
    """Flows whose drivers are drawn together from one stream of chance."""

    name: tuple[str, ...]
    flows: tuple[Flow, ...]
    means: Callable[[int], Floats]
    """Cars of each flow in that hour since 1970."""


class Arrivals:
    """All drivers of a scenario, asked for hour by hour."""

    def __init__(
        self,
        demand: Demand,
        scenario: Scenario,
        calendar: Calendar,
        seed: int,
        together: Sequence[Sequence[int]] | None = None,
    ) -> None:
        """`together`: destinations whose flows share a stream, by index; each flow has its own without it."""
        self._demand, self._scenario, self._calendar, self._seed = demand, scenario, calendar, seed
        self._portals = {place.id: nth for nth, place in enumerate(demand.portals)}
        self._destinations = {place.id: nth for nth, place in enumerate(demand.destinations)}
        self._sources = [*self._sources_of(together), *map(self._source_of, scenario.gatherings)]
        self._recipes = {id(source): self._recipe(source) for source in self._sources}

    def of_hour(self, hour: int) -> list[Driver]:
        """Drivers who set out in that hour since 1970, in the order of their times."""
        drivers = self.columns_of_hour(hour)
        whims = (tuple(one) for one in drivers.whims.tolist())
        columns = (one.tolist() for one in drivers[:-1])
        return [Driver(*row) for row in zip(*columns, whims, strict=True)]

    def columns_of_hour(self, hour: int) -> Drivers:
        """The same drivers as columns."""
        parts = [self._draw(source, hour) for source in self._sources]
        drivers = Drivers._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
        return drivers.only(np.argsort(drivers.at, kind="stable"))

    def _sources_of(self, together: Sequence[Sequence[int]] | None) -> list[Source]:
        flows = self._demand.flows
        if together is None:
            return [Source((one.destination, one.reason), (one,), self._means((one,))) for one in flows]
        group = {places: nth for nth, many in enumerate(together) for places in many}
        found: dict[int, list[Flow]] = {}
        for flow in flows:
            found.setdefault(group[self._destinations[flow.destination]], []).append(flow)
        return [Source(("together", str(nth)), tuple(many), self._means(many)) for nth, many in sorted(found.items())]

    def _means(self, flows: Sequence[Flow]) -> Callable[[int], Floats]:
        trips = {kind: np.array([flow.trips.get(kind, 0.0) for flow in flows]) for kind in DayType}
        hours = np.array([self._demand.reasons[flow.reason].hours for flow in flows], dtype=np.float64)
        factors = np.array([self._scenario.factors.get(flow.reason, 1.0) for flow in flows]) * self._scenario.scale
        shares = hours / hours.sum(axis=1, keepdims=True) * factors[:, None]

        def means(hour: int) -> Floats:
            local = self._calendar.local(datetime.fromtimestamp(hour * HOUR_S, UTC))
            return cast("Floats", trips[self._calendar.day_type(local.date())] * shares[:, local.hour])

        return means

    def _source_of(self, gathering: Gathering) -> Source:
        first, last = span(gathering.begins, gathering.ends, self._scenario.begins, self._calendar)
        flow = Flow(gathering.destination, gathering.reason, {}, gathering.origins)
        cars = gathering.cars * self._scenario.scale

        def means(hour: int) -> Floats:
            overlap = min(last, (hour + 1) * HOUR_S) - max(first, hour * HOUR_S)
            return np.array([cars * max(0.0, overlap) / (last - first)])

        return Source(("gathering", gathering.name), (flow,), means)

    def _recipe(self, source: Source) -> tuple[Floats, ...]:
        """Per flow: destination, stay, sigma, patience, local share; and origins with their cumulative shares."""
        reasons = [self._demand.reasons[flow.reason] for flow in source.flows]
        columns = np.array(
            [
                (self._destinations[flow.destination], one.stay_min, one.stay_sigma, one.patience_min, one.local_share)
                for flow, one in zip(source.flows, reasons, strict=True)
            ]
        )
        most = max(len(flow.origins) for flow in source.flows)
        portals, upto = np.zeros((len(source.flows), most), dtype=np.int64), np.ones((len(source.flows), most))
        for nth, flow in enumerate(source.flows):
            shares = np.cumsum(list(flow.origins.values()))
            portals[nth, : len(shares)] = [self._portals[one] for one in flow.origins]
            portals[nth, len(shares) :] = portals[nth, len(shares) - 1]
            upto[nth, : len(shares)] = shares / shares[-1]
        return (*columns.T, portals, upto)

    def _draw(self, source: Source, hour: int) -> Drivers:
        chance = stream(self._seed, Purpose.ARRIVALS, *source.name, hour)
        counts = chance.poisson(source.means(hour))
        count = int(counts.sum())
        flow = np.repeat(np.arange(len(counts)), counts)
        destination, stay, sigma, patience, local, portals, upto = self._recipes[id(source)]
        at = hour * HOUR_S + chance.random(count) * HOUR_S
        origin = portals[flow, (chance.random(count)[:, None] > upto[flow]).sum(axis=1)]
        stays = 60 * stay[flow] * np.exp(sigma[flow] * chance.standard_normal(count))
        waits = 60 * patience[flow] * np.exp(PATIENCE_SIGMA * chance.standard_normal(count))
        heeds, is_local = chance.random(count), chance.random(count) < local[flow]
        feet, purse = np.exp(0.3 * chance.standard_normal((2, count)))
        whims = chance.gumbel(size=(count, OFFERS))
        places = destination[flow].astype(np.int64)
        return Drivers(at, origin.astype(np.int64), places, stays, waits, heeds, is_local, feet, purse, whims)


def cars_per_hour(demand: Demand, scenario: Scenario, calendar: Calendar, flow: Flow, hour: int) -> float:
    """Expected drivers of a flow in that hour since 1970."""
    local = calendar.local(datetime.fromtimestamp(hour * HOUR_S, UTC))
    trips = flow.trips.get(calendar.day_type(local.date()), 0.0)
    weights = demand.reasons[flow.reason].hours
    return scenario.scale * scenario.factors.get(flow.reason, 1.0) * trips * weights[local.hour] / sum(weights)


def through_per_hour(demand: Demand, calendar: Calendar, hour: int) -> Sequence[float]:
    """Other vehicles an hour on each section of the demand's table, in its order."""
    local = calendar.local(datetime.fromtimestamp(hour * HOUR_S, UTC))
    is_workday = calendar.day_type(local.date()) is DayType.WORKDAY
    shares = demand.through_hours.workday if is_workday else demand.through_hours.free
    return [peak * shares[local.hour] for peak in demand.through.values()]
