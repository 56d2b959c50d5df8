"""Sections as loops would see them: written into the street's own tables, where hardware and measures look for them.

Speed is Edie's mean over space and time (1963), metres driven over seconds spent on the section in the last half
minute, without the cars that stand in an entrance queue; passed is what real loops in SUMO have counted.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Final

from parking.domain.section import Section
from sim.carpark import CarPark
from sim.core.fields import R_FREE, R_OTHERS, R_PASSED, R_QUEUE_M, R_SPEED, R_WIDTH, S_OURS, S_WIDTH
from sim.core.laws import STEP_S
from sim.ledger import Ledger
from sim.sumo.entrances import Car
from sim.sumo.mapping import Mapping
from sim.sumo.net import Net
from sim.sumo.session import Session, loop_names

WINDOW_S: Final = 30
"""As long as a loop's interval."""
LEAST_KMH: Final = 0.5
OURS: Final = "our "
"""Names of our cars begin so."""


class Seeing:
    """What is measured of all sections."""

    def __init__(
        self, session: Session, mapping: Mapping, net: Net, ledger: Ledger, sections: Sequence[Section]
    ) -> None:
        self._session, self._ledger, self._sections = session, ledger, sections
        self._edges = [one.edges for one in mapping.section]
        self._loops = [loop_names(mapping, net, nth) for nth in range(len(sections))]
        self._seen: list[deque[tuple[float, float]]] = [deque(maxlen=WINDOW_S) for _ in sections]
        self._index = {str(one.id): nth for nth, one in enumerate(sections)}

    def look(self, at: int, cars: Iterable[Car], carparks: Sequence[CarPark]) -> None:
        """The second that has ended now; every STEP_S the tables are written anew."""
        standing = Counter(car.vehicle.edge for car in cars if car.waits and car.vehicle is not None)
        for nth, edges in enumerate(self._edges):
            self._seen[nth].append(self._second(edges, standing))
        if at % STEP_S == 0:
            self._write(standing)
            self._write_queues(carparks)

    def _second(self, edges: Iterable[str], standing: Counter[str]) -> tuple[float, float]:
        """Metres driven and seconds spent by all vehicles on these edges in this second."""
        seen, metres, seconds = self._session.sumo.edge, 0.0, 0.0
        for edge in edges:
            if count := seen.getLastStepVehicleNumber(edge):
                metres += count * seen.getLastStepMeanSpeed(edge)
                seconds += max(0, count - standing[edge])
        return metres, seconds

    def _write(self, standing: Counter[str]) -> None:
        state, loops = self._ledger.state, self._session.sumo.inductionloop
        for nth, edges in enumerate(self._edges):
            r = nth * R_WIDTH
            ours, others = self._count(edges)
            state.s[nth * S_WIDTH + S_OURS] = max(0, ours - sum(standing[edge] for edge in edges))
            state.r[r + R_OTHERS] = float(others)
            state.r[r + R_PASSED] = float(sum(loops.getIntervalVehicleNumber(loop) for loop in self._loops[nth]))
            state.r[r + R_SPEED] = self._speed_kmh(nth, state.r[r + R_FREE])

    def _count(self, edges: Iterable[str]) -> tuple[int, int]:
        names = [name for edge in edges for name in self._session.sumo.edge.getLastStepVehicleIDs(edge)]
        ours = sum(name.startswith(OURS) for name in names)
        return ours, len(names) - ours

    def _speed_kmh(self, nth: int, free: float) -> float:
        metres = sum(one for one, _ in self._seen[nth])
        seconds = sum(one for _, one in self._seen[nth])
        return max(LEAST_KMH, 3.6 * metres / seconds) if seconds else free

    def _write_queues(self, carparks: Sequence[CarPark]) -> None:
        state = self._ledger.state
        for nth in range(len(self._sections)):
            state.r[nth * R_WIDTH + R_QUEUE_M] = 0.0
        for park in carparks:
            nth = self._index[str(park.lot.section)]
            queue_m = min(state.r[nth * R_WIDTH + R_QUEUE_M] + park.spilled_m(), self._sections[nth].length_m)
            state.r[nth * R_WIDTH + R_QUEUE_M] = queue_m
