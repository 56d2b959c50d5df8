"""The street on a SUMO network: to whoever looks on it is the built-in street, and its cars are moved by SUMO."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from parking.domain.errors import BadTown
from parking.domain.town import Town
from sim.core.fields import NEXT_STEP
from sim.scenario import Demand, Scenario
from sim.streams import Purpose, stream
from sim.street import Street
from sim.sumo.check import check
from sim.sumo.drivers import Drivers
from sim.sumo.fleet import Fleet
from sim.sumo.mapping import Mapping, read_mapping
from sim.sumo.minds import Minds
from sim.sumo.net import Net, completed, read_net
from sim.sumo.others import Others
from sim.sumo.roadworks import Roadworks
from sim.sumo.router import Router
from sim.sumo.seeing import Seeing
from sim.sumo.session import Session
from sim.sumo.survey import SumoSurvey
from sim.zones import whole

NO_STEP: Final = 1 << 62
"""The law's own sections never move: SUMO's do."""
MOST_TOLD: Final = 20
"""Missing ways that are named one by one."""
BELOW: Final = 2**31
"""SUMO's seeds are smaller."""


class SumoStreet(Street):
    """One seeded run on a network. A process has one at a time: the next one ends it."""

    def __init__(self, town: Town, demand: Demand, scenario: Scenario, seed: int, begins: float, folder: Path) -> None:
        """Raises BadTown when the folder's mapping or network does not fit, NotFound without SUMO."""
        mapping, net = read_network(folder, town, demand)
        self._midnight = _midnight(town, begins)
        chance = int(stream(seed, Purpose.SUMO, "seed").integers(BELOW))
        self._session = Session(mapping, net, folder, int(begins) - self._midnight, chance)
        self._router = Router(self._session, net)
        survey = SumoSurvey(mapping, net, self._router, whole(town, demand)[0])
        _refuse_islands(survey, town, demand, folder)
        self._roadworks = Roadworks(self._session, mapping, net)
        self._drivers: Drivers | None = None
        super().__init__(town, demand, scenario, seed, begins, survey=survey)
        self._ledger.state.i[NEXT_STEP] = NO_STEP
        fleet = Fleet(self._session, net, self._router)
        self._drivers = Drivers(mapping, net, survey, fleet, Minds(self._ledger), seed)
        self._others = Others(self._session, mapping, self._ledger)
        self._seeing = Seeing(self._session, mapping, net, self._ledger, town.sections)

    def _run(self, until: float) -> None:
        """Whole seconds one by one: the law first, then SUMO, then what cars have met."""
        drivers = self._drivers
        second = int(self.now) + 1
        while drivers is not None and second <= until:
            super()._run(second)
            drivers.obey(self.carparks)
            self._others.come(second)
            self._session.sumo.simulationStep(second - self._midnight)
            drivers.look()
            self._seeing.look(second, drivers.cars, self.carparks)
            second += 1
        super()._run(until)

    def _apply(self) -> None:
        shut = self._roadworks.set(self._diary.lost(self.now))
        self._router.forget()
        super()._apply()
        if self._drivers is not None and shut:
            self._others.find_other_ways(shut, self._drivers.find_other_ways(shut))


def read_network(folder: Path, town: Town, demand: Demand) -> tuple[Mapping, Net]:
    """The folder's mapping, whole and in the town's order, and its network. Raises BadTown with every misfit."""
    mapping = read_mapping(folder)
    check(mapping, folder, town, demand)
    net = read_net(folder / mapping.net)
    return completed(mapping, net, town, demand), net


def inspect(folder: Path, town: Town, demand: Demand) -> tuple[Mapping, Net]:
    """The same, with SUMO started on it for a moment. Raises BadTown, also where there is no way."""
    mapping, net = read_network(folder, town, demand)
    session = Session(mapping, net, folder, 0, 0)
    survey = SumoSurvey(mapping, net, Router(session, net), whole(town, demand)[0])
    _refuse_islands(survey, town, demand, folder)
    return mapping, net


def make_sumo_street(
    town: Town, demand: Demand, scenario: Scenario, seed: int, begins: datetime, folder: Path
) -> SumoStreet:
    """The street in full swing at that time, warmed up without anybody watching."""
    warm = (begins - timedelta(hours=scenario.warm_up_h)).timestamp()
    street = SumoStreet(town, demand, scenario, seed, warm, folder)
    street.advance(begins.timestamp())
    return street


def _midnight(town: Town, begins: float) -> int:
    """Local midnight of that day, seconds since 1970."""
    local = town.calendar.local(datetime.fromtimestamp(begins, UTC))
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _refuse_islands(survey: SumoSurvey, town: Town, demand: Demand, folder: Path) -> None:
    pairs: Sequence[tuple[int, int]] = survey.unreachable()
    if pairs:
        named = [f"{demand.portals[portal].id} and {town.lots[lot].id}" for portal, lot in pairs[:MOST_TOLD]]
        raise BadTown(
            tuple(f"{folder}: no way for cars there and back between {one}; mend connections or edges" for one in named)
        )
