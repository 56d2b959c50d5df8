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
    leg_ends: float = 0.0
    """When the leg they drive ends."""
    metres: float = 0.0
    """Driven since setting out, until parked or given up."""
    first_at: float | None = None
    """When they came to the first lot's entrance."""
    settled_at: float | None = None
    """When they had a bay, or gave up (`bay` is -1 then)."""
    guided: int = 0
    """Times they came to a lot where a panel of its own had promised them room …"""
    misled: int = 0
    """… and no bay was left for them."""


@dataclass(slots=True)
class Counts:
    """What became of everybody. set_out = parked + gave_up + under way + waiting, at any instant."""

    set_out: int = 0
    parked: int = 0
    gave_up: int = 0
    turned_away: int = 0
    """Times a car came to a lot and did not get in."""
