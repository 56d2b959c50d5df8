"""Other traffic: as many cars along each section as the built-in street has, from the same stream of chance."""

from collections.abc import Collection
from typing import Final

from sim.core.fields import HOUR_BEGINS, S_CLOSED, S_WIDTH
from sim.core.laws import STEP_S
from sim.demand import HOUR_S
from sim.ledger import Ledger
from sim.sumo.mapping import Mapping
from sim.sumo.session import CAR, Session, route_along

STEPS_AN_HOUR: Final = HOUR_S // STEP_S
OTHER: Final = "other "
"""Names of other cars along sections begin so."""
MOST_PENDING: Final = 5
"""When so many wait to come onto a section, further ones go elsewhere."""


class Others:
    """They enter at the first edge of a section and are gone at the end of its last one."""

    def __init__(self, session: Session, mapping: Mapping, ledger: Ledger) -> None:
        self._session, self._mapping, self._ledger = session, mapping, ledger
        self._count = 0

    def come(self, at: int) -> None:
        """Whoever comes in the step that ends then."""
        if at % STEP_S or not self._mapping.through:
            return
        state = self._ledger.state
        nth = (at - state.i[HOUR_BEGINS]) // STEP_S
        if not 0 <= nth < STEPS_AN_HOUR:
            return
        for place, section in enumerate(self._mapping.section):
            if not state.s[place * S_WIDTH + S_CLOSED]:
                self._come_along(section.id, section.edges[0], int(state.come[place * STEPS_AN_HOUR + nth]))

    def _come_along(self, section: str, first: str, count: int) -> None:
        sumo = self._session.sumo
        for _ in range(count):
            if len(sumo.edge.getPendingVehicles(first)) >= MOST_PENDING:
                return
            self._count += 1
            sumo.vehicle.add(f"{OTHER}{self._count}", route_along(section), CAR, "now", "best", "base", "max")

    def find_other_ways(self, shut: frozenset[str], led: Collection[str]) -> None:
        """These edges are passed by nobody any more: whoever is not `led` by somebody goes round, or turns back."""
        vehicles = self._session.sumo.vehicle
        for name in vehicles.getIDList():
            if name not in led and not shut.isdisjoint(vehicles.getRoute(name)[vehicles.getRouteIndex(name) + 1 :]):
                self._turn_back(name)

    def _turn_back(self, name: str) -> None:
        sumo = self._session.sumo
        if not name.startswith(OTHER):
            try:
                sumo.vehicle.rerouteTraveltime(name, False)
            except sumo.TraCIException:
                pass  # there is no other way
            else:
                return
        sumo.vehicle.remove(name)
