"""Which of all possible small streets are worth drawing: those without which a way would be much longer."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

STRETCH: Final = 1.25
"""A street is left out when the way over others takes at most this many times as long."""


@dataclass(frozen=True, slots=True)
class Link:
    """A possible street between two nodes, in both directions."""

    begins: str
    ends: str
    seconds: float
    length_m: float
    speed_mps: float
    lanes: int


class Ways:
    """Quickest ways over what is drawn so far."""

    def __init__(self) -> None:
        self._from: dict[str, list[tuple[str, float]]] = {}

    def add(self, begins: str, ends: str, seconds: float) -> None:
        """One direction."""
        self._from.setdefault(begins, []).append((ends, seconds))

    def seconds(self, begins: str, ends: str) -> float:
        """Infinite without a way."""
        best, heap = {begins: 0.0}, [(0.0, begins)]
        while heap:
            cost, node = heapq.heappop(heap)
            if node == ends:
                return cost
            for to, more in self._from.get(node, ()):
                if cost + more < best.get(to, float("inf")):
                    best[to] = cost + more
                    heapq.heappush(heap, (cost + more, to))
        return float("inf")


def worth_drawing(ways: Ways, links: Iterable[Link]) -> Iterator[Link]:
    """The greedy spanner of these links over those ways, which it extends: shortest first (Althöfer et al. 1993)."""
    for link in sorted(links, key=lambda one: (one.seconds, one.begins, one.ends)):
        if link.begins == link.ends:
            continue
        longest = max(ways.seconds(link.begins, link.ends), ways.seconds(link.ends, link.begins))
        if longest > STRETCH * link.seconds:
            ways.add(link.begins, link.ends, link.seconds)
            ways.add(link.ends, link.begins, link.seconds)
            yield link
