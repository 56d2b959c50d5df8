"""Sections as they really flow: a window onto the street's tables. The law stands in `sim.core.traffic`."""

from collections.abc import Sequence

from parking.domain.section import Section
from sim.core.fields import R_OTHERS, R_PASSED, R_QUEUE_M, R_SPEED, R_WIDTH, S_CLOSED, S_OURS, S_WIDTH
from sim.core.laws import METRES_A_CAR, STEP_S
from sim.ledger import Ledger

__all__ = ["METRES_A_CAR", "STEP_S", "Traffic"]


class Traffic:
    """Truth of all sections, one list a quantity, in the town's order."""

    def __init__(self, sections: Sequence[Section], ledger: Ledger) -> None:
        self._sections, self._ledger = sections, ledger

    @property
    def ours(self) -> list[int]:
        """Cars of the simulation on each section now."""
        return list(map(int, self._ledger.state.s[S_OURS::S_WIDTH]))

    @property
    def others(self) -> list[float]:
        """Other vehicles on it."""
        return self._column(R_OTHERS)

    @property
    def passed(self) -> list[float]:
        """Vehicles that have left it since the beginning."""
        return self._column(R_PASSED)

    @property
    def queue_m(self) -> list[float]:
        """Length of entrance queues that stand on it."""
        return self._column(R_QUEUE_M)

    @property
    def speed_kmh(self) -> list[float]:
        """Mean over the whole section: length by travel time."""
        return self._column(R_SPEED)

    @property
    def closed(self) -> list[bool]:
        """Whether nobody passes it."""
        return [bool(one) for one in self._ledger.state.s[S_CLOSED::S_WIDTH]]

    def density(self, section: int) -> float:
        """Vehicles a kilometre and lane, the queue on the carriageway among them."""
        road, r = self._sections[section], section * R_WIDTH
        vehicles = self._ledger.state.s[section * S_WIDTH + S_OURS] + self._ledger.state.r[r + R_OTHERS]
        vehicles += self._ledger.state.r[r + R_QUEUE_M] / METRES_A_CAR
        return float(vehicles / (road.length_m / 1000 * road.lanes))

    def _column(self, field: int) -> list[float]:
        return list(map(float, self._ledger.state.r[field::R_WIDTH]))
