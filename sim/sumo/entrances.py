"""Entrances on the network: who has come to one, who stands on the carriageway before it, who is on the access road."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sim.core.laws import METRES_A_CAR
from sim.sumo.fleet import Vehicle

TURN_IN_M: Final = 6.0
"""A car so near to an entrance turns in: at SUMO's usual braking it is down to 25 km/h there."""


@dataclass(slots=True)
class Car:
    """A driver who looks for a bay, and their car on the road; none while it stands on an access road."""

    who: int
    token: int
    lot: int
    vehicle: Vehicle | None
    node: int
    """Where they picked last, a node of the survey."""
    driven_m: float = 0.0
    """Before this vehicle came in."""
    times: int = 1
    """Times their car was put on the road."""
    waits: bool = False

    @property
    def metres(self) -> float:
        """Driven since setting out."""
        return self.driven_m + (self.vehicle.metres if self.vehicle else 0.0)


class Entrances:
    """Queues that stand on the network."""

    def __init__(self) -> None:
        self._standing: Counter[tuple[str, float]] = Counter()

    def look(self, cars: Iterable[Car]) -> None:
        """Count who stands before which entrance now."""
        self._standing = Counter(
            (way.ends.edge, way.ends.at_m)
            for car in cars
            if car.waits and car.vehicle is not None and (way := car.vehicle.way) is not None
        )

    def has_come(self, car: Car) -> bool:
        """Whether that car is at its entrance, or at the end of the queue that stands on the road before it."""
        vehicle = car.vehicle
        if vehicle is None or vehicle.way is None or car.waits:
            return False
        queue = self._standing[vehicle.way.ends.edge, vehicle.way.ends.at_m]
        return vehicle.left_m <= queue * METRES_A_CAR + TURN_IN_M
