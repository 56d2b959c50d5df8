"""A network before SUMO has made it: nodes, edges, and where everything of the town is on them."""

from dataclasses import dataclass, field

from sim.sumo.mapping import LotMap, PortalMap, SectionMap, SignMap

XY = tuple[float, float]
"""Metres east and north of the town's first point."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One direction of a piece of road."""

    name: str
    begins: str
    ends: str
    length_m: float
    speed_mps: float
    lanes: int
    rank: int
    """Whoever is on the higher one goes first."""
    shape: tuple[XY, ...] = ()
    """Straight when nothing is said."""
    beside: str = ""
    """The other direction, on whose lane cars pass what stands on this one; none where nobody does."""


@dataclass(slots=True)
class Sketch:
    """All of it; grows while it is drawn."""

    nodes: dict[str, XY] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    sections: list[SectionMap] = field(default_factory=list)
    lots: list[LotMap] = field(default_factory=list)
    signs: list[SignMap] = field(default_factory=list)
    portals: list[PortalMap] = field(default_factory=list)

    def add_both(self, edge: Edge) -> None:
        """That edge and the way back, which has a minus before its name."""
        back = Edge(
            f"-{edge.name}",
            edge.ends,
            edge.begins,
            edge.length_m,
            edge.speed_mps,
            edge.lanes,
            edge.rank,
            edge.shape[::-1],
            edge.name if edge.beside else "",
        )
        self.edges += [edge, back]
