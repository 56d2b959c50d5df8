"""How many hours the street simulates in a second on one core, by the number of lots: drivers, lots, roads and signs.

A built city on a working day's late morning; its signs follow the margin rule from true counts, set each five seconds.
Sensors' messages are not made: `with_messages` says for 20 lots what they cost, with JSON and digests as `sim run` has
them. Making the city and its warm-up are told apart and not counted.
"""

import time
from datetime import datetime
from statistics import median
from typing import Any, Final

import numpy as np

from parking.towns.load import load_town
from sim.builder import Built, build
from sim.core.compiled import IS_COMPILED
from sim.core.fields import L_CAPACITY, L_TAKEN, L_WIDTH, LAMP_FULL
from sim.dry import DryRun
from sim.ground import Ground
from sim.policies import FREE_ABOVE, FULL_BELOW, Counting
from sim.scenario import Scenario
from sim.shipped import load_demand
from sim.street import Street, make_street

LIMITS: Final = {20: 20.0, 1000: 2.0, 10_000: 0.5}
"""Hours a second that have to be reached, by lots."""
HOURS: Final = {20: 6.0, 1000: 2.0, 10_000: 1.0}
STEP_S: Final = 5
SCENARIO: Final = Scenario(
    name="bench",
    title="基准",
    title_en="Benchmark",
    demand="built",
    begins=datetime.fromisoformat("2026-05-13T10:00:00+08:00"),
    warm_up_h=1.0,
    compliance=0.6,
)


class Margin:
    """The margin rule for all lots at once: what `sim.policies.Counting` does, over arrays, from true counts."""

    def __init__(self, street: Street) -> None:
        self._state = street.ledger.state
        lots = np.asarray(self._state.lots).reshape(-1, L_WIDTH)
        self._capacity = lots[:, L_CAPACITY].astype(np.float64)
        self._full = np.zeros(len(lots), dtype=bool)
        self._first = np.asarray(self._state.panel_lots)[:-1]
        self._shown = np.asarray(self._state.shown_lots)[:-1]

    def set_lamps(self, state: Any) -> None:  # noqa: ANN401 -- the street's newest tables
        """Every panel of every sign."""
        free = self._capacity - np.asarray(state.lots).reshape(-1, L_WIDTH)[:, L_TAKEN]
        limit = np.where(self._full, FREE_ABOVE, FULL_BELOW) * self._capacity
        self._full = np.where(self._full, free <= limit, free < limit)
        told = np.where(self._full, LAMP_FULL, free).astype(np.int64)
        state.lamp[: len(self._first)] = np.add.reduceat(told[self._shown], self._first)


def run(*, quiet: bool = False) -> dict[str, Any]:
    """Every size; the law compiled where numba is there."""
    found: dict[str, Any] = {str(lots): _size(lots) for lots in LIMITS}
    found["20"]["with_messages_h_per_s"] = round(_with_messages(), 2)
    return found | {"compiled": IS_COMPILED}


def _size(lots: int) -> dict[str, Any]:
    begun = time.perf_counter()
    city = build(lots, 1, load_town(), load_demand("fengjie"))
    street = make_street(city.town, SCENARIO, 1, SCENARIO.begins, city.demand, city.zones)
    made_s = time.perf_counter() - begun
    before = street.counts.set_out
    rates = [_rate(street, HOURS[lots] / 2) for _ in range(2)]
    return {
        "simulated_h_per_s": round(median(rates), 2),
        "limit_h_per_s": LIMITS[lots],
        "made_s": round(made_s, 2),
        "drivers_per_lot_hour": round((street.counts.set_out - before) / HOURS[lots] / lots, 1),
        "full_share": round(float(np.mean([not park.has_room for park in street.carparks])), 3),
    }


def _rate(street: Street, hours: float) -> float:
    margin, begins = Margin(street), street.now
    begun = time.perf_counter()
    for nth in range(1, round(hours * 3600 / STEP_S) + 1):
        street.advance(begins + nth * STEP_S)
        margin.set_lamps(street.ledger.state)
    return hours / (time.perf_counter() - begun)


def _with_messages() -> float:
    city: Built = build(20, 1, load_town(), load_demand("fengjie"))
    ground = Ground(city.town, city.demand, city.zones)
    dry = DryRun(ground, SCENARIO, 1, Counting(city.town, FULL_BELOW, FREE_ABOVE), 1.0)
    begun = time.perf_counter()
    outcome = dry.run()
    return outcome.simulated_s / 3600 / (time.perf_counter() - begun)
