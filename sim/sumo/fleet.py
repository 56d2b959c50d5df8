"""Our cars on SUMO's network: put in, told their way, looked at, taken out."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.sumo.mapping import Spot
from sim.sumo.net import Net
from sim.sumo.router import Router, Way
from sim.sumo.session import CAR, NEVER_S, Session, route_from


@dataclass(slots=True)
class Vehicle:
    """One car on the road."""

    name: str
    edge: str
    """The last one it was seen on, between crossings."""
    at_m: float
    ends: tuple[Spot, ...]
    """Where it may go: the entrances of one lot, or the end of the way home."""
    stops: bool
    way: Way | None = None
    index: int = 0
    """Of `edge` on its way."""
    metres: float = 0.0
    """Driven since it came in."""
    is_crossing: bool = False
    """It is inside a crossing, or overtakes on the other side of the road: nothing can be told to it there."""
    is_turning: bool = False
    """It has not been told its newest way yet."""
    has_no_way: bool = False
    is_gone: bool = False
    """SUMO has it no more: it came to the end of its way before anybody stopped it there."""

    @property
    def left_m(self) -> float:
        """Metres to the end of its way; infinite while it has none."""
        return self.way.left_m[self.index] - self.at_m if self.way and not self.is_turning else float("inf")


class Fleet:
    """All of them, by name."""

    def __init__(self, session: Session, net: Net, router: Router) -> None:
        self._session, self._net, self._router = session, net, router

    def come_in(self, name: str, begins: Spot, ends: tuple[Spot, ...], *, stops: bool, factor: float) -> Vehicle:
        """Put a car on the network as soon as there is room: from a portal moving, from a lot at rest.

        Args:
            factor: of the limit that its driver likes to drive.
        """
        vehicles = self._session.sumo.vehicle
        speed = "0" if begins.at_m else "max"
        vehicles.add(name, route_from(begins.edge), CAR, "now", "best", f"{begins.at_m:.1f}", speed)
        vehicles.setSpeedFactor(name, factor)
        vehicle = Vehicle(name, begins.edge, begins.at_m, ends, stops)
        self.turn(vehicle, ends)
        return vehicle

    def turn(self, vehicle: Vehicle, ends: tuple[Spot, ...]) -> None:
        """Let it head for the nearest of these places, as soon as it is out of a crossing."""
        vehicle.ends, vehicle.is_turning, vehicle.has_no_way = ends, True, False
        self._try_to_turn(vehicle)

    def take_out(self, vehicle: Vehicle) -> None:
        """It leaves the road."""
        self._session.sumo.vehicle.remove(vehicle.name)

    def look(self, vehicle: Vehicle) -> Iterator[tuple[str, float, float]]:
        """Where it is now. Gives what it has passed since the last look: edge, from metre, to metre."""
        vehicles = self._session.sumo.vehicle
        try:
            edge = vehicles.getRoadID(vehicle.name)
        except self._session.sumo.TraCIException:
            vehicle.is_gone = True
            return
        vehicle.is_crossing = vehicle.way is not None and edge not in vehicle.way.edges[vehicle.index :]
        if not edge or vehicle.is_crossing:
            return
        vehicle.metres = vehicles.getDistance(vehicle.name)
        at = vehicles.getLanePosition(vehicle.name)
        yield from self._passed(vehicle, edge, at)
        vehicle.edge, vehicle.at_m = edge, at
        if vehicle.is_turning:
            self._try_to_turn(vehicle)

    def _passed(self, vehicle: Vehicle, edge: str, at: float) -> Iterator[tuple[str, float, float]]:
        way, begins = vehicle.way, vehicle.at_m
        if way is None:
            return
        now = way.edges.index(edge, vehicle.index)
        for passed in way.edges[vehicle.index : now]:
            yield passed, begins, self._net[passed].length_m
            begins = 0.0
        yield edge, begins, at
        vehicle.index = now

    def _try_to_turn(self, vehicle: Vehicle) -> None:
        if vehicle.is_crossing:
            return
        way = self._router.quickest(Spot(vehicle.edge, vehicle.at_m), vehicle.ends)
        if way is None:
            vehicle.has_no_way = True
            return
        if self._tell(vehicle, way):
            vehicle.way, vehicle.index, vehicle.is_turning = way, 0, False

    def _tell(self, vehicle: Vehicle, way: Way) -> bool:
        sumo = self._session.sumo
        while sumo.vehicle.getStops(vehicle.name, 1):
            sumo.vehicle.replaceStop(vehicle.name, 0, "")
        try:
            sumo.vehicle.setRoute(vehicle.name, way.edges)
        except sumo.TraCIException:
            # It has half entered a crossing, or overtakes: it is told again when it is through.
            return False
        if vehicle.stops:
            self._stop_at(vehicle, way.ends)
        return True

    def _stop_at(self, vehicle: Vehicle, spot: Spot) -> None:
        sumo, lane = self._session.sumo, self._net[spot.edge].lanes[0]
        try:
            sumo.vehicle.setStop(vehicle.name, spot.edge, spot.at_m, lane, NEVER_S)
        except sumo.TraCIException:
            # Too near to brake: it will be there within a second or two, and is let in or sent on as it passes.
            return
