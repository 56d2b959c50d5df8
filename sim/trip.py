"""One driver's day on the street: where they are, what they believe, what they have tried."""

from dataclasses import dataclass, field

from sim.demand import Driver
from sim.roads import Leg


@dataclass(slots=True, eq=False)
class Trip:
    """A driver under way."""

    driver: Driver
    heeds_signs: bool
    node: int
    """Where they are, or where the leg they drive ends."""
    target: int = -1
    """Index of the lot they head for."""
    legs: tuple[Leg, ...] = ()
    step: int = 0
    tried: list[int] = field(default_factory=list)
    """Lots that were full or closed when they came."""
    believed: dict[int, int] = field(default_factory=dict)
    """What signs said: free bays by lot; 0 for full or closed, very many when a sign gave no number of its own."""
    is_waiting: bool = False
    bay: int = -1
    section: int = -1
    """The section they are on now, or -1."""
