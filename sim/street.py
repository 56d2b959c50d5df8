"""The truth of the street: every car from setting out to leaving town, every lot, queue and section.

An event heap for cars, a step of five seconds for sections; the law of both stands in `sim.core`. The street knows
nothing of sensors or wires; all that comes back to it is what the lamps of signs spell, because drivers read them, and
what officers do at a lot or on a section.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from parking.domain.town import Town
from sim.carpark import CarPark
from sim.core.compiled import as_floats, as_ints
from sim.core.fields import (
    DRIVERS,
    GAVE_UP,
    HOUR_BEGINS,
    L_ENTERED,
    L_LEFT,
    L_TAKEN,
    L_WIDTH,
    LOCAL_OFFSET,
    M_GUARDED,
    M_USUAL,
    M_WIDTH,
    NEXT_DRIVER,
    NEXT_STEP,
    NOW,
    PARKED,
    R_LOST,
    R_WIDTH,
    S_CLOSED,
    S_WIDTH,
    SET_OUT,
    TURNED_AWAY,
    UNDER_WAY,
    WATCHES,
)
from sim.core.park import clear_carriageway
from sim.core.run import advance, settle_all
from sim.core.ways import coming, count_looking
from sim.demand import HOUR_S, Arrivals, through_per_hour
from sim.happenings import Diary, Happening
from sim.lamps import Lamps
from sim.layout import Survey, Surveyor
from sim.ledger import Ledger
from sim.scenario import Demand, Scenario
from sim.shipped import load_demand
from sim.streams import Purpose, stream
from sim.traffic import STEP_S, Traffic
from sim.trip import Counts, Trips, trips_of
from sim.usual import Usual
from sim.zones import Zone, whole

STEPS_AN_HOUR = HOUR_S // STEP_S


class Street:
    """One seeded run. `advance` moves it on; between two calls everything may be looked at."""

    def __init__(
        self,
        town: Town,
        demand: Demand,
        scenario: Scenario,
        seed: int,
        begins: float,
        zones: Sequence[Zone] | None = None,
        survey: Survey | None = None,
    ) -> None:
        """`survey`: who knows the ways, where they are not the town's own sections."""
        self.town = town
        self.now = begins
        """Street time, seconds since 1970."""
        parts = zones or whole(town, demand)
        self._demand, self._seed = demand, seed
        self._ledger = Ledger(town, demand, survey or Surveyor(town, demand, parts), begins)
        self.carparks = [CarPark(lot, nth, self._ledger) for nth, lot in enumerate(town.lots)]
        self.traffic = Traffic(town.sections, self._ledger)
        self._lamps = Lamps(town, self._ledger)
        together = [zone.destinations for zone in parts] if len(parts) > 1 else None
        self._arrivals = Arrivals(demand, scenario, town.calendar, seed, together)
        self._compliance = scenario.compliance
        self._usual = Usual(town, demand, parts, scenario.scale)
        self._diary = Diary(town, scenario)
        self._scale = scenario.scale
        self._shut: frozenset[int] = frozenset()
        self._begin(begins)

    @property
    def lamps(self) -> Lamps:
        """What each sign spells, a text a line; drivers read it."""
        return self._lamps

    @lamps.setter
    def lamps(self, texts: Sequence[tuple[str, ...]]) -> None:
        for nth, one in enumerate(texts):
            self._lamps[nth] = one

    @property
    def counts(self) -> Counts:
        """What became of everybody since the street was begun."""
        i = self._ledger.state.i
        return Counts(int(i[SET_OUT]), int(i[PARKED]), int(i[GAVE_UP]), int(i[TURNED_AWAY]))

    @property
    def under_way(self) -> int:
        """Drivers who look for a bay now, those in queues among them."""
        return int(self._ledger.state.i[UNDER_WAY])

    def watch(self, *, watched: bool) -> None:
        """Whether what becomes of those who set out from now on is remembered."""
        self._ledger.state.i[WATCHES] = int(watched)
        self._ledger.make_room(int(self._ledger.state.i[DRIVERS] - self._ledger.state.i[NEXT_DRIVER]))

    @property
    def watched_looking(self) -> int:
        """How many of those still look for a bay."""
        return int(count_looking(self._ledger.state))

    @property
    def trips(self) -> Trips:
        """Everybody who set out while that was so."""
        return trips_of(self._ledger.state)

    @property
    def ledger(self) -> Ledger:
        """The tables, for whoever asks about ways."""
        return self._ledger

    def advance(self, until: float) -> None:
        """Let everything happen up to and including `until`. In one call or in many: the same."""
        while (stop := self._next_stop()) <= until:
            self._run(stop)
            self._turn(stop)
        self._run(until)

    def coming(self, lot: int, by: float) -> int:
        """Cars that will be at that lot by then on free roads and that no sign ahead can turn aside any more."""
        return int(coming(self._ledger.state, lot, by))

    def guard(self, lot: str, until: float) -> None:
        """An officer stands at the lot's entrance until then: nobody waits on the carriageway."""
        nth = next(nth for nth, one in enumerate(self.town.lots) if one.id == lot)
        self._ledger.state.m[nth * M_WIDTH + M_GUARDED] = until
        self._ledger.make_room(0)
        clear_carriageway(self._ledger.state, nth)

    def on(self, section: str) -> Sequence[Happening]:
        """What stands on that section now that does not belong there, or closes it."""
        return self._diary.on(section, self.now)

    def clear(self, section: str) -> int:
        """Whoever is there has removed what stood on the section by accident; returns how many things that were."""
        cleared = self._diary.end_on(section, self.now)
        if cleared:
            self._apply()
        return cleared

    def _next_stop(self) -> float:
        return min((int(self.now) // HOUR_S + 1) * HOUR_S, self._diary.next_after(self.now))

    def _run(self, until: float) -> None:
        while not advance(self._ledger.state, float(until), self._ledger.heap_room):
            self._ledger.make_room(0)
        self.now = until

    def _turn(self, at: float) -> None:
        if at % HOUR_S == 0:
            self._load_hour(int(at) // HOUR_S, not_before=at)
        if self._diary.changes_at(at):
            self._apply()

    def _apply(self) -> None:
        """What happens on sections now becomes what they carry, and which ways there are."""
        state = self._ledger.state
        lost, closed = self._diary.lost(self.now), self._diary.closed(self.now)
        for nth, section in enumerate(self.town.sections):
            state.r[nth * R_WIDTH + R_LOST] = lost.get(section.id, 0.0)
            state.s[nth * S_WIDTH + S_CLOSED] = int(section.id in closed)
        self._ledger.close(closed)
        shut, before = self._diary.shut(self.now), self._shut
        for nth in shut ^ before:  # a lot that shut without notice stays so when another's closing ends
            self.carparks[nth].is_shut = nth in shut
        self._shut = shut

    def _begin(self, begins: float) -> None:
        first = int(begins) // HOUR_S
        for hour in range(first - 24, first + 1):
            self._settle_hour(hour, begins)
        for row in range(0, len(self._ledger.state.lots), L_WIDTH):
            self._ledger.state.lots[row + L_ENTERED] = self._ledger.state.lots[row + L_TAKEN]
            self._ledger.state.lots[row + L_LEFT] = 0
        self._ledger.state.f[NOW] = begins
        self._ledger.state.i[NEXT_STEP] = int(begins) // STEP_S * STEP_S + STEP_S
        self._load_hour(first, not_before=begins)
        self._apply()

    def _settle_hour(self, hour: int, begins: float) -> None:
        """Park who came in that hour and is still here when the run begins."""
        self._tell_the_hour(hour)
        drivers = self._arrivals.columns_of_hour(hour)
        here = (drivers.at < begins) & (drivers.at + drivers.stay_s > begins)
        self._ledger.load(drivers.only(here), self._compliance)
        settle_all(self._ledger.state, begins)
        self._ledger.forget_drivers()

    def _load_hour(self, hour: int, not_before: float) -> None:
        self._tell_the_hour(hour)
        drivers = self._arrivals.columns_of_hour(hour)
        self._ledger.load(drivers.only(drivers.at >= not_before), self._compliance)
        self._ledger.state.i[HOUR_BEGINS] = hour * HOUR_S
        means = dict(zip(self._demand.through, through_per_hour(self._demand, self.town.calendar, hour), strict=True))
        come = np.zeros((max(1, len(self.town.sections)), STEPS_AN_HOUR), np.int64)
        for nth, road in enumerate(self.town.sections):
            chance = stream(self._seed, Purpose.THROUGH_TRAFFIC, road.id, hour)
            mean = self._scale * means.get(road.id, 0.0) / STEPS_AN_HOUR
            come[nth] = chance.poisson(mean, size=STEPS_AN_HOUR)
        self._ledger.replace(come=as_ints(come))

    def _tell_the_hour(self, hour: int) -> None:
        """Which hour of which day it is: what locals know of it, and what clocks at entrances show."""
        local = self.town.calendar.local(datetime.fromtimestamp(hour * HOUR_S, UTC))
        offset = local.utcoffset()
        self._ledger.state.i[LOCAL_OFFSET] = 0 if offset is None else int(offset.total_seconds())
        fill = self._usual.fill(self.town.calendar.day_type(local.date()), local.hour)
        self._ledger.state.m[M_USUAL::M_WIDTH] = as_floats(np.asarray(fill))


def make_street(
    town: Town,
    scenario: Scenario,
    seed: int,
    begins: datetime,
    demand: Demand | None = None,
    zones: Sequence[Zone] = (),
) -> Street:
    """The street in full swing at that time, warmed up without anybody watching."""
    warm = (begins - timedelta(hours=scenario.warm_up_h)).timestamp()
    street = Street(town, demand or load_demand(scenario.demand), scenario, seed, warm, zones or None)
    street.advance(begins.timestamp())
    return street
