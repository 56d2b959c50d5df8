"""Ways on the network, found by SUMO's own router on free roads: the map every driver has in mind, as in our street."""

from dataclasses import dataclass
from itertools import accumulate

from sim.sumo.mapping import Spot
from sim.sumo.net import Net
from sim.sumo.session import CAR, Session


@dataclass(frozen=True, slots=True)
class Way:
    """From a place on its first edge to a place on its last one."""

    edges: tuple[str, ...]
    ends: Spot
    seconds: float
    metres: float
    left_m: tuple[float, ...]
    """From the beginning of each edge to the end of the way."""


class Router:
    """Ways by their first edge and their end, found once; again after something was closed or opened."""

    def __init__(self, session: Session, net: Net) -> None:
        self._session, self._net = session, net
        self._edges: dict[tuple[str, str, bool], tuple[str, ...]] = {}

    def forget(self) -> None:
        """Other edges are open now."""
        self._edges.clear()

    def way(self, begins: Spot, ends: Spot) -> Way | None:
        """The quickest way on free roads; None when there is none."""
        comes_round = begins.edge == ends.edge and begins.at_m > ends.at_m
        edges = self._find(begins.edge, ends.edge, comes_round=comes_round)
        return self._measure(edges, begins, ends) if edges else None

    def quickest(self, begins: Spot, ends: tuple[Spot, ...]) -> Way | None:
        """The quickest of the ways to any of these places."""
        found = [way for way in (self.way(begins, end) for end in ends) if way is not None]
        return min(found, key=lambda way: way.seconds, default=None)

    def _find(self, begins: str, ends: str, *, comes_round: bool) -> tuple[str, ...]:
        key = (begins, ends, comes_round)
        if key not in self._edges:
            self._edges[key] = self._find_round(begins, ends) if comes_round else self._ask(begins, ends)
        return self._edges[key]

    def _ask(self, begins: str, ends: str) -> tuple[str, ...]:
        return tuple(self._session.sumo.simulation.findRoute(begins, ends, CAR).edges)

    def _find_round(self, begins: str, ends: str) -> tuple[str, ...]:
        """Leave the edge and come back to it: SUMO's router would say that we are there."""
        after = {link[0].rpartition("_")[0] for lane in self._lanes(begins) for link in self._links(lane)}
        ways = [way for way in (self._ask(edge, ends) for edge in sorted(after)) if way]
        best = min(ways, key=lambda way: sum(self._free_s(edge) for edge in way), default=())
        return (begins, *best) if best else ()

    def _links(self, lane: str) -> list[tuple[str, ...]]:
        return list(self._session.sumo.lane.getLinks(lane))

    def _lanes(self, edge: str) -> list[str]:
        return [f"{edge}_{nth}" for nth in self._net[edge].lanes]

    def _free_s(self, edge: str) -> float:
        return self._net[edge].length_m / self._net[edge].mps

    def _measure(self, edges: tuple[str, ...], begins: Spot, ends: Spot) -> Way:
        first, last = self._net[edges[0]], self._net[edges[-1]]
        seconds = sum(map(self._free_s, edges)) - begins.at_m / first.mps - (last.length_m - ends.at_m) / last.mps
        lengths = [ends.at_m, *(self._net[edge].length_m for edge in reversed(edges[:-1]))]
        left = tuple(accumulate(lengths))[::-1]
        return Way(edges, ends, max(0.0, seconds), max(0.0, left[0] - begins.at_m), left)
