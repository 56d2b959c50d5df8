"""The street's tables: made from a town, grown when more cars come, changed when ways do."""

from collections.abc import Collection
from typing import Final

import numpy as np

from parking.domain.town import Town
from sim.core.choice import seconds_to
from sim.core.compiled import IS_COMPILED, as_floats, as_ints, floats, ints, longs
from sim.core.fields import (
    D_WIDTH,
    DRIVERS,
    EVENTS,
    F_WIDTH,
    FREE_SLOTS,
    I_WIDTH,
    K_WIDTH,
    LAMP_NEUTRAL,
    LOGGED,
    NEXT_DRIVER,
    POOL_FREE,
    Q_WIDTH,
    SPOKE,
    T_WIDTH,
    U_WIDTH,
    V_WIDTH,
    WATCHES,
    Z_TABLE,
    Z_WIDTH,
    State,
)
from sim.core.heap import POOL_WIDTH, SPOKE_S, SPOKES
from sim.core.ways import metres_to
from sim.demand import Drivers
from sim.layout import Survey, free_bays, lot_tables, offer_tables, section_tables, sign_tables
from sim.scenario import Demand

SPARE: Final = 256
"""Rows made at once when more are wanted, at the least."""


class Ledger:
    """The one holder of a street's state; `state` is another tuple after it has grown."""

    def __init__(self, town: Town, demand: Demand, surveyor: Survey, begins: float) -> None:
        self._surveyor = surveyor
        ways = surveyor.survey()
        self._portal_node = ways.portal_node
        self._zone_of = {
            str(town.sections[nth].id): at for at, zone in enumerate(surveyor.zones) for nth in zone.sections
        }
        self._closed: frozenset[str] = frozenset()
        lots, numbers = lot_tables(town, ways)
        sections, speeds = section_tables(town)
        offer_lot, offer = offer_tables(town, demand, surveyor.zones)
        panels, panel_lots, shown = sign_tables(town)
        self.state = State(
            i=longs(I_WIDTH),
            f=floats(F_WIDTH),
            t=ints(0),
            u=floats(0),
            free=ints(0),
            d=ints(0),
            v=floats(0),
            lots=as_ints(lots),
            m=as_floats(numbers),
            bay_taken=ints(sum(lot.capacity for lot in town.lots)),
            bay_free=as_ints(free_bays(town)),
            s=as_ints(sections),
            r=as_floats(speeds),
            come=ints(1),
            e=as_ints(ways.e),
            g=as_floats(ways.g),
            node_zone=as_ints(ways.node_zone),
            z=as_ints(ways.z),
            hop=as_ints(ways.hop),
            secs=as_floats(ways.secs),
            offer_lot=as_ints(offer_lot),
            offer=as_floats(offer),
            edge_signs=as_ints(ways.edge_signs),
            sign_panels=as_ints(panels),
            panel_lots=as_ints(panel_lots),
            shown_lots=as_ints(shown),
            lamp=ints(len(panel_lots), LAMP_NEUTRAL),
            pool_at=floats(0),
            pool=ints(0),
            heap=ints(0),
            wheel=ints(SPOKES + 1, -1),
            events=ints(1) if IS_COMPILED else [],  # type: ignore[arg-type]  # a compiled law has its heap in arrays
            k=ints(0),
            q=floats(0),
        )
        self.state.i[POOL_FREE], self.state.i[SPOKE] = -1, int(begins) // SPOKE_S
        self.make_room(SPARE)

    @property
    def heap_room(self) -> int:
        """Events that the heap can hold."""
        return len(self.state.heap) if IS_COMPILED else 1 << 60

    def make_room(self, drivers: int) -> None:
        """Let so many more drivers set out, and twice as many things be about to happen."""
        i = self.state.i
        slots = len(self.state.free)
        if (missing := drivers - int(i[FREE_SLOTS])) > 0:
            self._add_slots(slots, max(missing, SPARE, slots // 4))
        if i[WATCHES]:
            room = int(i[LOGGED]) + len(self.state.free) + drivers
            self.replace(k=_grown(self.state.k, room, K_WIDTH), q=_grown(self.state.q, room, Q_WIDTH))
        if IS_COMPILED:
            room = 2 * (int(i[EVENTS]) + len(self.state.free) + SPARE)
            self.replace(
                pool_at=_grown(self.state.pool_at, room),
                pool=_grown(self.state.pool, room, POOL_WIDTH),
                heap=_grown(self.state.heap, room),
            )

    def load(self, drivers: Drivers, compliance: float) -> None:
        """These drivers set out next, in their order; those below the compliance heed signs."""
        count = len(drivers.at)
        heeds, is_local = drivers.heeds < compliance, drivers.is_local
        whole = np.empty((count, D_WIDTH), np.int64)
        whole.T[:] = self._portal_node[drivers.origin], drivers.destination, heeds, is_local
        numbers = np.empty((count, V_WIDTH))
        numbers.T[:5] = drivers.at, drivers.stay_s, drivers.patience_s, drivers.feet, drivers.purse
        numbers[:, 5:] = drivers.whims
        self.replace(d=as_ints(whole), v=as_floats(numbers))
        self.state.i[NEXT_DRIVER], self.state.i[DRIVERS] = 0, count
        self.make_room(count)

    def forget_drivers(self) -> None:
        """Nobody sets out next."""
        self.state.i[NEXT_DRIVER] = self.state.i[DRIVERS] = 0

    def replace(self, **parts: object) -> None:
        """Put other tables in the place of these."""
        self.state = self.state._replace(**parts)  # type: ignore[arg-type]  # fields of State by name

    def close(self, closed: Collection[str]) -> None:
        """These sections and no others are passed by nobody; drivers find other ways at the next corner."""
        changed = self._closed.symmetric_difference(closed)
        self._closed = frozenset(closed)
        for nth in sorted({self._zone_of[section] for section in changed if section in self._zone_of}):
            hop, secs = self._surveyor.again(nth, self._closed)
            first = int(self.state.z[nth * Z_WIDTH + Z_TABLE])
            self.state.hop[first : first + len(hop)] = as_ints(hop)
            self.state.secs[first : first + len(secs)] = as_floats(secs)

    def seconds(self, portal: int, lot: int) -> float:
        """Free-flow driving time between these, by their indices."""
        return float(seconds_to(self.state, int(self._portal_node[portal]), lot))

    def node_seconds(self, node: int, lot: int) -> float:
        """Free-flow driving time from a node."""
        return float(seconds_to(self.state, node, lot))

    def node_metres(self, node: int, lot: int) -> float:
        """Length of that way."""
        return float(metres_to(self.state, node, lot))

    def _add_slots(self, slots: int, more: int) -> None:
        i = self.state.i
        self.replace(
            t=_grown(self.state.t, slots + more, T_WIDTH),
            u=_grown(self.state.u, slots + more, U_WIDTH),
            free=_grown(self.state.free, slots + more),
        )
        first = int(i[FREE_SLOTS])
        self.state.free[first : first + more] = as_ints(range(slots + more - 1, slots - 1, -1))
        i[FREE_SLOTS] += more


def _grown(column: object, rows: int, width: int = 1) -> object:
    """The same column with zeros behind, where it has fewer rows than that."""
    have = len(column) // width  # type: ignore[arg-type]
    if have >= rows:
        return column
    if isinstance(column, np.ndarray):
        return np.concatenate([column, np.zeros(max(rows - have, have // 2) * width, column.dtype)])
    zero = type(column[0])() if have else 0  # type: ignore[index]
    column.extend([zero] * (rows - have) * width)  # type: ignore[attr-defined]
    return column
