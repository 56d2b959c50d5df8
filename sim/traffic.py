"""Sections as they really flow: speed falls with density, and behind an entrance queue on the carriageway all creep.

Speed law of Greenshields, v = vf · (1 - k / k_jam), over the part of the section that is not queue; the queue part is
passed at walking pace. Other traffic is a fluid that enters as a Poisson stream; our cars count one by one.
"""

from collections.abc import Sequence
from typing import Final

from parking.domain.calendar import Calendar
from parking.domain.section import Section
from sim.demand import HOUR_S, through_per_hour
from sim.scenario import Demand
from sim.streams import Purpose, stream

STEP_S: Final = 5
JAM_PER_KM: Final = 120.0
"""Vehicles a kilometre and lane when nothing moves."""
REFUSED_SHARE: Final = 0.8
"""Density, as a share of jam density, beyond which other traffic goes elsewhere."""
LEAST_SHARE: Final = 0.1
"""Nobody is slower than this share of free flow while moving."""
CREEP_KMH: Final = 4.0
METRES_A_CAR: Final = 7.0


class Traffic:
    """Truth of all sections, one list a quantity, in the town's order."""

    def __init__(self, sections: Sequence[Section], demand: Demand, calendar: Calendar, seed: int) -> None:
        self._sections, self._demand, self._calendar, self._seed = sections, demand, calendar, seed
        count = len(sections)
        self.ours = [0] * count
        """Cars of the simulation on the section now."""
        self.others = [0.0] * count
        """Other vehicles on it."""
        self.passed = [0.0] * count
        """Vehicles that have left it since the beginning."""
        self.queue_m = [0.0] * count
        """Length of entrance queues that stand on it."""
        self.speed_kmh = [section.free_flow_kmh for section in sections]
        """Mean over the whole section: length by travel time."""
        self._coming: list[list[int]] = [[]] * count
        self._hour = -1

    def density(self, section: int) -> float:
        """Vehicles a kilometre and lane, the queue on the carriageway among them."""
        road = self._sections[section]
        vehicles = self.ours[section] + self.others[section] + self.queue_m[section] / METRES_A_CAR
        return vehicles / (road.length_m / 1000 * road.lanes)

    def seconds(self, section: int, part: float) -> float:
        """Driving time over that share of the section now."""
        return part * self._sections[section].length_m / self.speed_kmh[section] * 3.6

    def enter(self, section: int) -> None:
        """One of ours drives onto the section."""
        self.ours[section] += 1

    def leave(self, section: int) -> None:
        """One of ours has passed it."""
        self.ours[section] -= 1
        self.passed[section] += 1

    def step(self, at: int, queue_m: Sequence[float]) -> None:
        """Move on by STEP_S to `at`, with entrance queues of these lengths on the sections."""
        if at // HOUR_S != self._hour:
            self._look_ahead(at // HOUR_S)
        nth = at % HOUR_S // STEP_S
        for which, road in enumerate(self._sections):
            self._step_one(which, road, self._coming[which][nth], queue_m[which])

    def _step_one(self, which: int, road: Section, coming: int, queue_m: float) -> None:
        km_lanes = road.length_m / 1000 * road.lanes
        others = self.others[which]
        moved = others * min(1.0, STEP_S * self.speed_kmh[which] / 3.6 / road.length_m)
        if (others + self.ours[which]) / km_lanes > REFUSED_SHARE * JAM_PER_KM:
            coming = 0
        self.others[which] = others - moved + coming
        self.passed[which] += moved
        queue_m = min(queue_m, road.length_m)
        density = (self.others[which] + self.ours[which]) / max(km_lanes - queue_m / 1000, 0.2 * km_lanes)
        moving = road.free_flow_kmh * max(LEAST_SHARE, 1 - density / JAM_PER_KM)
        hours = (road.length_m - queue_m) / moving + queue_m / min(CREEP_KMH, moving)
        self.queue_m[which] = queue_m
        self.speed_kmh[which] = road.length_m / hours

    def _look_ahead(self, hour: int) -> None:
        """Draw the hour's other traffic, step by step, each section from its own stream."""
        self._hour = hour
        steps = HOUR_S // STEP_S
        means = dict(zip(self._demand.through, through_per_hour(self._demand, self._calendar, hour), strict=True))
        self._coming = [
            stream(self._seed, Purpose.THROUGH_TRAFFIC, road.id, hour)
            .poisson(means.get(road.id, 0.0) / steps, size=steps)
            .tolist()
            for road in self._sections
        ]
