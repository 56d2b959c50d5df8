"""Drivers between the law and the road: what the law decides becomes a way, what a car meets becomes a decision."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from sim.carpark import CarPark
from sim.streams import Purpose, stream
from sim.sumo.entrances import Car, Entrances
from sim.sumo.fleet import Fleet, Vehicle
from sim.sumo.mapping import Mapping, Spot
from sim.sumo.minds import INSIDE, LOOKING, Fields, Minds, Row
from sim.sumo.net import Net
from sim.sumo.seeing import OURS
from sim.sumo.survey import Reading, SumoSurvey

UNBORN: Final[Fields] = (0, 0, -1, 0, 0)
FACTOR_SD: Final = 0.1
"""Spread of the share of the limit that drivers like to drive, SUMO's own default …"""
FACTOR_MOST: Final = 0.2
"""… and how far anybody is from 1 at the most."""
DRAWN: Final = 1024


class Drivers:
    """Everybody who looks for a bay, and everybody who has been told the way home."""

    def __init__(self, mapping: Mapping, net: Net, survey: SumoSurvey, fleet: Fleet, minds: Minds, seed: int) -> None:
        self._mapping, self._survey, self._fleet, self._minds = mapping, survey, fleet, minds
        self._homes = [(Spot(one.leaves, net[one.leaves].length_m),) for one in mapping.portal]
        self._readings: dict[str, list[Reading]] = {}
        for reading in survey.readings:
            self._readings.setdefault(reading.spot.edge, []).append(reading)
        self._cars: dict[int, Car] = {}
        self._homeward: dict[str, Vehicle] = {}
        self._before: list[Fields] = []
        self._entrances = Entrances()
        self._factors = lru_cache(maxsize=8)(lambda part: _draw_factors(seed, part))

    @property
    def cars(self) -> Collection[Car]:
        """Who looks for a bay."""
        return self._cars.values()

    def obey(self, carparks: Sequence[CarPark]) -> None:
        """Put on the road, send elsewhere and take off it whoever the law says, before SUMO's next second."""
        now = self._minds.rows()
        before = self._before + [UNBORN] * (len(now) - len(self._before))
        changes = [(who, was, is_) for who, (was, is_) in enumerate(zip(before, now, strict=True)) if was != is_]
        for who, was, is_ in changes:
            self._change(who, Row(*was), Row(*is_))
        self._before = now
        self._let_onto_access_roads(carparks)
        self._entrances.look(self.cars)

    def look(self) -> None:
        """What everybody met in SUMO's last second."""
        for car in list(self._cars.values()):
            if car.vehicle is not None:
                self._look(car, car.vehicle)
        for name, vehicle in list(self._homeward.items()):
            self._send_home(name, vehicle)

    def find_other_ways(self, shut: frozenset[str]) -> frozenset[str]:
        """These edges are passed by nobody any more; returns the names of all cars that are led."""
        vehicles = [car.vehicle for car in self.cars if car.vehicle] + list(self._homeward.values())
        for vehicle in vehicles:
            if vehicle.way and not shut.isdisjoint(vehicle.way.edges[vehicle.index + 1 :]):
                self._fleet.turn(vehicle, vehicle.ends)
        return frozenset(vehicle.name for vehicle in vehicles)

    def _change(self, who: int, was: Row, is_: Row) -> None:
        is_same = was.token == is_.token
        if was.state == INSIDE and not (is_same and is_.state == INSIDE):
            self._drive_home(was)
        if was.state == LOOKING and not (is_same and is_.state == LOOKING):
            self._end_search(self._cars.pop(who), was, has_parked=is_same and is_.state == INSIDE)
        if is_.state == LOOKING:
            if who not in self._cars:
                self._set_out(who, is_)
            elif was.target != is_.target:
                self._go_elsewhere(self._cars[who], is_)
            self._cars[who].waits = is_.waits > 0

    def _set_out(self, who: int, row: Row) -> None:
        portal = self._mapping.portal[row.origin - self._survey.first_portal]
        car = Car(who, row.token, row.target, None, row.origin)
        self._cars[who] = car
        self._put_on_road(car, Spot(portal.comes, 0.0))

    def _put_on_road(self, car: Car, begins: Spot) -> None:
        name, ends = f"{OURS}{car.token} {car.times}", self._mapping.lot[car.lot].entrances
        car.vehicle = self._fleet.come_in(name, begins, ends, stops=True, factor=self._factor(car.token))
        car.times += 1

    def _go_elsewhere(self, car: Car, row: Row) -> None:
        """Head for another lot: on from here, or from the exit of the lot whose access road the car stands on."""
        left, car.lot = car.lot, row.target
        if car.vehicle is None:
            self._put_on_road(car, self._mapping.lot[left].exits[0])
        else:
            self._fleet.turn(car.vehicle, self._mapping.lot[car.lot].entrances)

    def _end_search(self, car: Car, row: Row, *, has_parked: bool) -> None:
        """In a bay: off the road. Given up: home from where they are."""
        if has_parked:
            if car.vehicle is not None:
                self._fleet.take_out(car.vehicle)
        elif car.vehicle is None:
            self._drive_home(row)
        else:
            car.vehicle.stops = False
            self._fleet.turn(car.vehicle, self._home_of(row))
            self._homeward[car.vehicle.name] = car.vehicle

    def _drive_home(self, row: Row) -> None:
        """Out of the lot, and back to where they came from."""
        name, factor = f"{OURS}{row.token} home", self._factor(row.token)
        exits = self._mapping.lot[row.target].exits
        vehicle = self._fleet.come_in(name, exits[0], self._home_of(row), stops=False, factor=factor)
        self._homeward[name] = vehicle

    def _home_of(self, row: Row) -> tuple[Spot, ...]:
        return self._homes[row.origin - self._survey.first_portal]

    def _look(self, car: Car, vehicle: Vehicle) -> None:
        for edge, begins, ends in self._fleet.look(vehicle):
            self._read(car, edge, begins, ends)
        if vehicle.is_gone:
            self._leave_road(car)
            if not car.waits:
                self._arrive(car)
            return
        self._minds.tell_metres(car.who, car.metres)
        if vehicle.has_no_way:
            self._minds.lose_way(car.who, car.node)
        elif self._entrances.has_come(car):
            self._arrive(car)

    def _read(self, car: Car, edge: str, begins: float, ends: float) -> None:
        for reading in self._readings.get(edge, ()):
            if begins < reading.spot.at_m <= ends and not car.waits:
                car.node = reading.node
                self._minds.read(car.who, reading.sign, reading.node)

    def _arrive(self, car: Car) -> None:
        self._minds.tell_metres(car.who, car.metres)
        car.node = self._survey.first_lot + car.lot
        self._minds.arrive(car.who)

    def _leave_road(self, car: Car) -> None:
        car.driven_m, car.vehicle = car.metres, None

    def _let_onto_access_roads(self, carparks: Sequence[CarPark]) -> None:
        for park in carparks:
            if park.waiting:
                self._let_in(park.queue[: park.lot.queue_room])

    def _let_in(self, first: Iterable[int]) -> None:
        for who in first:
            car = self._cars[who]
            if car.vehicle is not None:
                self._fleet.take_out(car.vehicle)
                self._leave_road(car)

    def _send_home(self, name: str, vehicle: Vehicle) -> None:
        """Who has been told the way home needs no more looking after."""
        if vehicle.is_gone or not vehicle.is_turning:
            del self._homeward[name]
            return
        for _ in self._fleet.look(vehicle):
            pass
        if vehicle.has_no_way and not vehicle.is_gone:
            self._fleet.take_out(vehicle)
            del self._homeward[name]

    def _factor(self, token: int) -> float:
        return float(self._factors(token // DRAWN)[token % DRAWN])


def _draw_factors(seed: int, part: int) -> list[float]:
    """Of the drivers with these numbers: the same ones whatever signs say."""
    drawn = FACTOR_SD * stream(seed, Purpose.SUMO, "factor", part).standard_normal(DRAWN)
    return [1 + max(-FACTOR_MOST, min(FACTOR_MOST, one)) for one in drawn.tolist()]
