"""The days before a scenario, as expected values: a history for the forecaster where nobody has measured one.

A fluid of the same demand: arrivals an hour, the share each lot gets by the same tastes, and how many are still there
by the law of their stays. What does not fit goes to neighbouring lots. Every slot says that it is simulated.
"""

from datetime import UTC, datetime
from math import cos, erf, exp, log, radians, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parking.domain.occupancy import Occupancy, Quality
from parking.domain.town import Town
from sim.demand import HOUR_S, cars_per_hour
from sim.ground import Ground
from sim.scenario import Demand, Flow, Reason, Scenario
from sim.streams import Purpose, stream
from sim.usual import flow_shares
from sim.zones import whole

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
METRES_A_DEGREE: Final = 111_195.0
NEIGHBOUR_M: Final = 1500.0
COUNT_SD_SHARE: Final = 0.02

LIVE: Final = Quality.LIVE
SIMULATED: Final = "simulated"
"""The reason every slot carries, so that nobody takes it for a measurement."""

Floats = NDArray[np.float64]


def past_slots(ground: Ground, scenario: Scenario, until: datetime, days: int, seed: int) -> tuple[Occupancy, ...]:
    """Five-minute slots of all lots in the `days` before `until`, oldest first, then in the town's order."""
    town = ground.town
    last = int(until.timestamp()) // SLOT_S
    first = last - days * SLOTS_A_DAY
    taken = _taken(ground, scenario, first, last, seed)
    slots = []
    for nth, row in enumerate(taken.tolist()):
        at = datetime.fromtimestamp((first + nth) * SLOT_S, UTC)
        slots += [
            Occupancy(lot.id, at, round(cars, 2), COUNT_SD_SHARE * lot.capacity, lot.capacity, LIVE, SIMULATED, at)
            for lot, cars in zip(town.lots, row, strict=True)
        ]
    return tuple(slots)


def _taken(ground: Ground, scenario: Scenario, first: int, last: int, seed: int) -> Floats:
    """Taken bays, shape (slots, lots)."""
    town, demand = ground.town, ground.demand
    slots = np.arange(first - LEAD_SLOTS, last)
    still_there = {name: _still_there(reason) for name, reason in demand.reasons.items()}
    taken = np.zeros((len(slots), len(town.lots)))
    for flow, lots, share in flow_shares(town, demand, ground.zones or whole(town, demand)):
        rate = _rate(town, demand, scenario, flow, slots, seed)
        present = np.convolve(rate, still_there[flow.reason])[: len(slots)]
        taken[:, lots] += np.outer(present, share)
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


def _spread(town: Town, taken: Floats) -> Floats:
    """Move what does not fit to lots near by, in three rounds; what fits nowhere leaves town."""
    capacity = np.array([lot.capacity for lot in town.lots], dtype=np.float64)
    far = _distances_m(town)
    near = np.exp(-far / NEIGHBOUR_M) * (far > 0)
    near /= near.sum(axis=1, keepdims=True)
    for _ in range(3):
        excess = np.maximum(taken - capacity, 0.0)
        taken = taken - excess + excess @ near
    return np.minimum(taken, capacity)


def _distances_m(town: Town) -> Floats:
    """From each lot to each, shape (lots, lots); flat, as a county is."""
    east = np.array([lot.place.longitude for lot in town.lots]) * cos(radians(town.lots[0].place.latitude))
    north = np.array([lot.place.latitude for lot in town.lots])
    far: Floats = METRES_A_DEGREE * np.hypot(east[:, None] - east, north[:, None] - north)
    return far


def _wander(shape: tuple[int, ...], chance: np.random.Generator) -> Floats:
    """A slow random wander, shape (slots, lots), unit 1 of capacity."""
    steps = WANDER_SHARE * sqrt(1 - WANDER_KEEP**2) * chance.standard_normal(shape)
    wander = np.zeros(shape)
    for nth in range(1, shape[0]):
        wander[nth] = WANDER_KEEP * wander[nth - 1] + steps[nth]
    return wander
