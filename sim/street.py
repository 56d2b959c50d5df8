"""The truth of the street: every car from setting out to leaving town, every lot, queue and section.

An event heap for cars, a step of five seconds for sections. It knows nothing of sensors or wires; all that comes back
to it is what the lamps of signs spell, because drivers read them.
"""

import heapq
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from parking.domain.place import Point
from parking.domain.town import Town
from sim.carpark import CarPark
from sim.choice import MANY, Choice
from sim.demand import HOUR_S, Arrivals, Driver
from sim.roads import Leg, Roads
from sim.scenario import Demand, Scenario, load_demand
from sim.traffic import METRES_A_CAR, STEP_S, Traffic
from sim.trip import Counts, Trip

SECONDS_A_WAITING_CAR: Final = 20.0
"""What drivers reckon for each car before them when they judge a queue."""
MOST_TRIES: Final = 5
"""Full lots after which a driver gives up and leaves town."""
SAYS_FULL: Final = frozenset({"满", "关闭"})


class Street:
    """One seeded run. `advance` moves it on; between two calls everything may be looked at."""

    def __init__(self, town: Town, demand: Demand, scenario: Scenario, seed: int, begins: float) -> None:
        self.town = town
        self.now = begins
        """Street time, seconds since 1970."""
        self.counts = Counts()
        self.carparks = [CarPark(lot, town.calendar) for lot in town.lots]
        self.traffic = Traffic(town.sections, demand, town.calendar, seed)
        self.lamps: list[tuple[str, ...]] = [("",) * len(sign.panels) for sign in town.signs]
        """What each sign spells, a text a line; drivers read it."""
        self.under_way = 0
        self.watched: list[Trip] | None = None
        """Everybody who sets out from now on, when somebody asks for it by putting a list here."""
        self._coming: list[dict[Trip, None]] = [{} for _ in town.lots]
        """Who heads for each lot now."""
        self._roads = Roads(town, [Point(*one.place) for one in demand.portals], demand.one_way)
        self._choice = Choice(town, demand, self._roads)
        self._arrivals = Arrivals(demand, scenario, town.calendar, seed)
        self._compliance = scenario.compliance
        self._lots_on = self._find_lots_on()
        self._panels = self._find_panels()
        self._heap: list[tuple[float, int, Callable[[Trip], None], Trip]] = []
        self._pumps: list[tuple[float, int]] = []
        self._events = 0
        self._next_step = int(begins) // STEP_S * STEP_S + STEP_S
        self._fill_from_the_day_before(begins)
        self._load_hour(int(begins) // HOUR_S, not_before=begins)

    def advance(self, until: float) -> None:
        """Let everything happen up to and including `until`. In one call or in many: the same."""
        while self._next_step <= until:
            self._run_events(self._next_step)
            self._step(self._next_step)
            self._next_step += STEP_S
        self._run_events(until)
        self.now = until

    def _run_events(self, until: float) -> None:
        heap = self._heap
        while heap and heap[0][0] <= until:
            self.now, _, happen, trip = heapq.heappop(heap)
            happen(trip)

    def _step(self, at: int) -> None:
        self.now = at
        if at % HOUR_S == 0:
            self._load_hour(at // HOUR_S, not_before=at)
        queues = [sum(self.carparks[lot].spilled_m(METRES_A_CAR) for lot in lots) for lots in self._lots_on]
        self.traffic.step(at, queues)

    def _load_hour(self, hour: int, not_before: float) -> None:
        for driver in self._arrivals.of_hour(hour):
            if driver.at >= not_before:
                self._at(driver.at, self._set_out, self._trip(driver))

    def _at(self, when: float, happen: Callable[[Trip], None], trip: Trip) -> None:
        self._events += 1
        heapq.heappush(self._heap, (when, self._events, happen, trip))

    def _trip(self, driver: Driver) -> Trip:
        return Trip(driver, driver.heeds < self._compliance, self._roads.portal_node(driver.origin))

    def _set_out(self, trip: Trip) -> None:
        self.counts.set_out += 1
        self.under_way += 1
        if self.watched is not None:
            self.watched.append(trip)
        self._head_for(trip, self._choice.pick(trip))

    def _head_for(self, trip: Trip, lot: int | None) -> None:
        """Take the way to that lot, or leave town when there is none."""
        if lot is None or len(trip.tried) >= MOST_TRIES:
            self.counts.gave_up += 1
            self.under_way -= 1
            trip.settled_at = self.now
            return
        self._aim(trip, lot)
        self._begin_leg(trip)

    def _aim(self, trip: Trip, lot: int) -> None:
        if trip.target >= 0:
            self._coming[trip.target].pop(trip, None)
        self._coming[lot][trip] = None
        trip.target = lot
        trip.legs, trip.step = self._roads.way(trip.node, self._roads.lot_node(lot)), 0

    def _begin_leg(self, trip: Trip) -> None:
        leg = trip.legs[trip.step]
        if leg.before and self._reads(trip, leg.before):
            lot = self._choice.pick(trip)
            if lot is not None and lot != trip.target:
                self._aim(trip, lot)
                leg = trip.legs[0]
        trip.node = leg.to
        trip.metres += leg.metres
        trip.leg_ends = self.now + self._drive(trip, leg)
        self._at(trip.leg_ends, self._end_leg, trip)

    def _drive(self, trip: Trip, leg: Leg) -> float:
        if leg.section < 0:
            return leg.extra_s
        trip.section = leg.section
        self.traffic.enter(leg.section)
        return leg.extra_s + self.traffic.seconds(leg.section, leg.part)

    def _end_leg(self, trip: Trip) -> None:
        leg = trip.legs[trip.step]
        self._off_the_section(trip)
        trip.step += 1
        if trip.step == len(trip.legs):
            self._arrive(trip)
        elif leg.after and self._reads(trip, leg.after):
            self._head_for(trip, self._choice.pick(trip))
        else:
            self._begin_leg(trip)

    def _off_the_section(self, trip: Trip) -> None:
        if trip.section >= 0:
            self.traffic.leave(trip.section)
            trip.section = -1

    def _reads(self, trip: Trip, signs: Sequence[int]) -> bool:
        """Take in what these signs spell; whether the driver lets it count."""
        if not trip.heeds_signs:
            return False
        for sign in signs:
            for text, lots in zip(self.lamps[sign], self._panels[sign], strict=False):
                if text in SAYS_FULL:
                    trip.believed.update(dict.fromkeys(lots, 0))
                elif text.isdecimal():
                    trip.believed.update(dict.fromkeys(lots, int(text) if len(lots) == 1 else MANY))
        return True

    def _arrive(self, trip: Trip) -> None:
        park = self.carparks[trip.target]
        self._note_arrival(trip, park)
        reckoned_s = len(park.queue) * SECONDS_A_WAITING_CAR
        if not park.is_open(self.now) or (not park.has_room and reckoned_s > trip.driver.patience_s):
            self._turn_away(trip)
            return
        trip.is_waiting = True
        park.queue.append(trip)
        self._pump(trip.target)
        if trip.is_waiting:
            self._at(self.now + trip.driver.patience_s, self._lose_patience, trip)

    def _note_arrival(self, trip: Trip, park: CarPark) -> None:
        del self._coming[trip.target][trip]
        if trip.first_at is None:
            trip.first_at = self.now
        # An area's panel promises room somewhere, not here; its lots are believed to have very many.
        if trip.heeds_signs and 0 < trip.believed.get(trip.target, 0) < MANY:
            trip.guided += 1
            trip.misled += not park.is_open(self.now) or park.taken + len(park.queue) >= park.capacity

    def coming(self, lot: int, by: float) -> int:
        """Cars that will be at that lot by then on free roads and that no sign ahead can turn aside any more."""
        node = self._roads.lot_node(lot)
        return sum(
            (lot in trip.believed or not trip.heeds_signs)
            and trip.leg_ends + self._roads.seconds(trip.node, node) <= by
            for trip in self._coming[lot]
        )

    def _turn_away(self, trip: Trip) -> None:
        self.counts.turned_away += 1
        trip.tried.append(trip.target)
        self._head_for(trip, self._choice.pick(trip))

    def _lose_patience(self, trip: Trip) -> None:
        if trip.is_waiting:
            trip.is_waiting = False
            self.carparks[trip.target].queue.remove(trip)
            self._turn_away(trip)

    def _pump(self, lot: int) -> None:
        """Let in who waits, as fast as the gate goes."""
        park = self.carparks[lot]
        while park.queue and park.has_room:
            if park.gate_free_at > self.now:
                if park.pump_at <= self.now:
                    park.pump_at = park.gate_free_at
                    self._at(park.gate_free_at, self._pump_again, park.queue[0])
                return
            park.gate_free_at = self.now + park.gate_s
            self._let_in(park, park.queue.popleft())

    def _pump_again(self, trip: Trip) -> None:
        self._pump(trip.target)

    def _let_in(self, park: CarPark, trip: Trip) -> None:
        trip.is_waiting = False
        trip.bay = park.park()
        self.counts.parked += 1
        self.under_way -= 1
        trip.settled_at = self.now
        park.stay_until(self.now + trip.driver.stay_s)
        self._at(self.now + trip.driver.stay_s, self._leave, trip)

    def _leave(self, trip: Trip) -> None:
        park = self.carparks[trip.target]
        park.leave(trip.bay)
        del park.leaves[0]
        self._pump(trip.target)
        trip.legs = self._roads.way(trip.node, self._roads.portal_node(trip.driver.origin))
        trip.step = 0
        self._drive_home(trip)

    def _drive_home(self, trip: Trip) -> None:
        """Pass the watched sections on the way out; the rest of the way nobody sees."""
        self._off_the_section(trip)
        while trip.step < len(trip.legs):
            leg = trip.legs[trip.step]
            trip.step += 1
            if leg.section >= 0:
                self._at(self.now + self._drive(trip, leg), self._drive_home, trip)
                return

    def _fill_from_the_day_before(self, begins: float) -> None:
        """Park who came in the 24 hours before and is still there, each at their own favourite with room."""
        last = int(begins) // HOUR_S
        leaving: list[tuple[float, int, int, Trip]] = []
        for driver in (one for hour in range(last - 24, last + 1) for one in self._arrivals.of_hour(hour)):
            if driver.at >= begins:
                break
            while leaving and leaving[0][0] <= driver.at:
                _, _, lot, gone = heapq.heappop(leaving)
                self.carparks[lot].leave(gone.bay)
            trip = self._trip(driver)
            if self._settle(trip):
                self._events += 1
                heapq.heappush(leaving, (driver.at + driver.stay_s, self._events, trip.target, trip))
        for until, _, _, trip in sorted(leaving, key=lambda one: one[:2]):
            self.carparks[trip.target].stay_until(max(until, begins))
            self._at(max(until, begins), self._leave, trip)
        for park in self.carparks:
            park.entered, park.left = park.taken, 0

    def _settle(self, trip: Trip) -> bool:
        while (lot := self._choice.pick(trip)) is not None:
            park = self.carparks[lot]
            if park.has_room and park.is_open(trip.driver.at):
                trip.target, trip.node, trip.bay = lot, self._roads.lot_node(lot), park.park()
                return True
            trip.tried.append(lot)
        return False

    def _find_lots_on(self) -> list[list[int]]:
        return [
            [nth for nth, lot in enumerate(self.town.lots) if lot.section == section.id]
            for section in self.town.sections
        ]

    def _find_panels(self) -> list[list[list[int]]]:
        index = {lot.id: nth for nth, lot in enumerate(self.town.lots)}
        return [[[index[lot] for lot in panel.lots] for panel in sign.panels] for sign in self.town.signs]


def make_street(town: Town, scenario: Scenario, seed: int, begins: datetime) -> Street:
    """The street in full swing at that time, warmed up without anybody watching."""
    warm = (begins - timedelta(hours=scenario.warm_up_h)).timestamp()
    street = Street(town, load_demand(scenario.demand), scenario, seed, warm)
    street.advance(begins.timestamp())
    return street
