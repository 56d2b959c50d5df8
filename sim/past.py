"""The days before a scenario, as expected values: a history for the forecaster where nobody has measured one.

A fluid of the same demand: arrivals an hour, the share each lot gets by the same tastes, and how many are still there
by the law of their stays. What does not fit goes to neighbouring lots. Every slot says that it is simulated.
"""

from datetime import UTC, datetime
from math import erf, exp, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parking.domain.occupancy import Occupancy, Quality
from parking.domain.place import Point, distance_m
from parking.domain.town import Town
from sim.choice import Choice, shares
from sim.demand import HOUR_S, cars_per_hour
from sim.roads import Roads
from sim.scenario import Demand, Flow, Reason, Scenario, load_demand
from sim.streams import Purpose, stream

SLOT_S: Final = 300
SLOTS_A_DAY: Final = 24 * HOUR_S // SLOT_S
LEAD_SLOTS: Final = 2 * SLOTS_A_DAY
"""Two days before the first slot, so that who stays overnight is there from the start."""
DAY_SD: Final = 0.08
"""Days of a kind differ: the logarithm of a flow's cars a day has this deviation."""
WANDER_SHARE: Final = 0.012
"""Deviation of a lot's wander, as a share of its capacity …"""
WANDER_KEEP: Final = 0.97
"""… of which this part is left after a slot."""
NEIGHBOUR_M: Final = 1500.0
COUNT_SD_SHARE: Final = 0.02

LIVE: Final = Quality.LIVE
SIMULATED: Final = "simulated"
"""The reason every slot carries, so that nobody takes it for a measurement."""

Floats = NDArray[np.float64]


def past_slots(town: Town, scenario: Scenario, until: datetime, days: int, seed: int) -> tuple[Occupancy, ...]:
    """Five-minute slots of all lots in the `days` before `until`, oldest first, then in the town's order."""
    demand = load_demand(scenario.demand)
    last = int(until.timestamp()) // SLOT_S
    first = last - days * SLOTS_A_DAY
    taken = _taken(town, demand, scenario, first, last, seed)
    slots = []
    for nth, row in enumerate(taken.tolist()):
        at = datetime.fromtimestamp((first + nth) * SLOT_S, UTC)
        slots += [
            Occupancy(lot.id, at, round(cars, 2), COUNT_SD_SHARE * lot.capacity, lot.capacity, LIVE, SIMULATED, at)
            for lot, cars in zip(town.lots, row, strict=True)
        ]
    return tuple(slots)


def _taken(town: Town, demand: Demand, scenario: Scenario, first: int, last: int, seed: int) -> Floats:
    """Taken bays, shape (slots, lots)."""
    slots = np.arange(first - LEAD_SLOTS, last)
    roads = Roads(town, [Point(*one.place) for one in demand.portals], demand.one_way)
    choice = Choice(town, demand, roads)
    taken = np.zeros((len(slots), len(town.lots)))
    for flow in demand.flows:
        reason = demand.reasons[flow.reason]
        rate = _rate(town, demand, scenario, flow, slots, seed)
        present = np.convolve(rate, _still_there(reason))[: len(slots)]
        taken += np.outer(present, _shares(town, demand, flow, reason, roads, choice))
    taken = _spread(town, taken)[LEAD_SLOTS:]
    capacity = np.array([lot.capacity for lot in town.lots], dtype=np.float64)
    wander = _wander(taken.shape, stream(seed, Purpose.PAST, "wander"))
    return np.clip(taken + wander * capacity, 0.0, capacity)


def _rate(town: Town, demand: Demand, scenario: Scenario, flow: Flow, slots: NDArray[np.int64], seed: int) -> Floats:
    """Cars a slot, each day a little different."""
    hours = slots * SLOT_S // HOUR_S
    known = [int(hour) for hour in np.unique(hours)]
    moods = {day: _mood(flow, day, seed) for day in range(known[0] // 24, known[-1] // 24 + 1)}
    by_hour = {hour: cars_per_hour(demand, scenario, town.calendar, flow, hour) * moods[hour // 24] for hour in known}
    return np.array([by_hour[int(hour)] for hour in hours]) * SLOT_S / HOUR_S


def _mood(flow: Flow, day: int, seed: int) -> float:
    """Factor of a flow's day since 1970, UTC."""
    chance = stream(seed, Purpose.PAST, flow.destination, flow.reason, day)
    return exp(DAY_SD * float(chance.standard_normal()))


def _still_there(reason: Reason) -> Floats:
    """Share of cars still parked so many slots after they came: the survival of a lognormal."""
    minutes = (np.arange(LEAD_SLOTS) + 0.5) * SLOT_S / 60
    scores = (np.log(minutes) - log(reason.stay_min)) / reason.stay_sigma / sqrt(2)
    return np.array([0.5 - 0.5 * erf(score) for score in scores.tolist()])


def _shares(town: Town, demand: Demand, flow: Flow, reason: Reason, roads: Roads, choice: Choice) -> Floats:
    """Share of a flow's cars that each lot gets when none is full, shape (lots,)."""
    destination = [one.id for one in demand.destinations].index(flow.destination)
    offers, portals = choice.offers[destination], [one.id for one in demand.portals]
    drives = [choice.drive_times(roads.portal_node(portals.index(one)), destination) for one in flow.origins]
    found = np.zeros(len(town.lots))
    found[[offer.lot for offer in offers]] = shares(
        reason.local_share, 60 * reason.stay_min, offers, drives, list(flow.origins.values())
    )
    return found


def _spread(town: Town, taken: Floats) -> Floats:
    """Move what does not fit to lots near by, in three rounds; what fits nowhere leaves town."""
    capacity = np.array([lot.capacity for lot in town.lots], dtype=np.float64)
    far = np.array([[distance_m(a.place, b.place) for b in town.lots] for a in town.lots])
    near = np.exp(-far / NEIGHBOUR_M) * (far > 0)
    near /= near.sum(axis=1, keepdims=True)
    for _ in range(3):
        excess = np.maximum(taken - capacity, 0.0)
        taken = taken - excess + excess @ near
    return np.minimum(taken, capacity)


def _wander(shape: tuple[int, ...], chance: np.random.Generator) -> Floats:
    """A slow random wander, shape (slots, lots), unit 1 of capacity."""
    steps = WANDER_SHARE * sqrt(1 - WANDER_KEEP**2) * chance.standard_normal(shape)
    wander = np.zeros(shape)
    for nth in range(1, shape[0]):
        wander[nth] = WANDER_KEEP * wander[nth - 1] + steps[nth]
    return wander
