"""What stands on sections by accident, and closed sections, as SUMO's lanes: slower, or shut."""

from collections.abc import Mapping as Table
from typing import Final

from sim.core.laws import METRES_A_CAR
from sim.sumo.mapping import Mapping
from sim.sumo.net import Net
from sim.sumo.session import REACTION_S, Session

SHUT: Final = ("all",)


class Roadworks:
    """The gaps of all sections."""

    def __init__(self, session: Session, mapping: Mapping, net: Net) -> None:
        self._session, self._net = session, net
        self._gaps = {one.id: one.gap for one in mapping.section}
        self._before = {
            lane: tuple(session.sumo.lane.getDisallowed(lane))
            for gap in self._gaps.values()
            for edge in gap
            for lane in self._lanes(edge)
        }
        self._lost: dict[str, float] = {}

    def set(self, lost: Table[str, float]) -> frozenset[str]:
        """What is lost of each section from now on; returns the edges that nobody passes any more, and did before."""
        changed = [one for one in self._gaps if lost.get(one, 0.0) != self._lost.get(one, 0.0)]
        shut = [one for one in changed if lost.get(one, 0.0) >= 1.0]
        for section in changed:
            for edge in self._gaps[section]:
                self._narrow(edge, lost.get(section, 0.0))
        self._lost = dict(lost)
        return frozenset(edge for section in shut for edge in self._gaps[section])

    def _narrow(self, edge: str, lost: float) -> None:
        lanes, free = self._session.sumo.lane, self._net[edge].mps
        for lane in self._lanes(edge):
            lanes.setDisallowed(lane, SHUT if lost >= 1.0 else self._before[lane])
            lanes.setMaxSpeed(lane, free if lost >= 1.0 else narrowed_mps(free, lost))

    def _lanes(self, edge: str) -> list[str]:
        return [f"{edge}_{nth}" for nth in self._net[edge].lanes]


def narrowed_mps(free: float, lost: float) -> float:
    """The speed at which a lane carries only the share 1 - lost of what it carries at its limit.

    A lane carries a car each REACTION_S + METRES_A_CAR / speed seconds (Krauss' law with cars close behind each other).
    """
    headway_s = (REACTION_S + METRES_A_CAR / free) / (1 - lost)
    return METRES_A_CAR / (headway_s - REACTION_S)
