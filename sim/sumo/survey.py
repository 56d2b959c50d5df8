"""The network's ways as the tables of our law: what drivers weigh when they pick a lot, and the way home.

A node is a place where somebody decides: where a sign is read, a portal, a lot. One piece of way leads from each node
to each portal and lot; SUMO drives it, and says when it ends.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.core.fields import (
    E_SECTION,
    E_TO,
    E_WIDTH,
    ELSEWHERE,
    G_EXTRA,
    G_METRES,
    G_WIDTH,
    Z_FIRST_TARGET,
    Z_NODES,
    Z_WIDTH,
)
from sim.layout import NO_WAY_S, Ways
from sim.sumo.mapping import Mapping, Spot
from sim.sumo.net import Net
from sim.sumo.router import Router, Way
from sim.zones import Zone

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A place where a sign is read."""

    sign: int
    node: int
    spot: Spot


class SumoSurvey:
    """What a `Surveyor` is for the built-in street."""

    def __init__(self, mapping: Mapping, net: Net, router: Router, zone: Zone) -> None:
        self.zones: Sequence[Zone] = (zone,)
        self._router, self._signs = router, len(mapping.sign)
        places = [(nth, spot) for nth, sign in enumerate(mapping.sign) for spot in sign.places]
        self.readings = tuple(Reading(sign, node, spot) for node, (sign, spot) in enumerate(places))
        self._begins = [
            *(spot for _, spot in places),
            *(Spot(one.comes, 0.0) for one in mapping.portal),
            *(one.entrances[0] for one in mapping.lot),
        ]
        self._ends = [
            *((Spot(one.leaves, net[one.leaves].length_m),) for one in mapping.portal),
            *(one.entrances for one in mapping.lot),
        ]
        self.first_portal, self.first_lot = len(places), len(places) + len(mapping.portal)

    @property
    def nodes(self) -> int:
        """How many there are: places of signs, then portals, then lots."""
        return len(self._begins)

    def survey(self) -> Ways:
        """All tables, with everything open."""
        nodes, targets = self.nodes, len(self._ends)
        found = self._find()
        e, g = np.zeros((nodes * targets, E_WIDTH), np.int64), np.zeros((nodes * targets, G_WIDTH))
        for (node, target), way in found.items():
            row = self._piece(node, target)
            e[row, E_TO], e[row, E_SECTION] = self.first_portal + target, ELSEWHERE
            g[row, G_EXTRA], g[row, G_METRES] = way.seconds, way.metres
        zone = np.zeros(Z_WIDTH, np.int64)
        zone[Z_NODES], zone[Z_FIRST_TARGET] = nodes, self.first_portal
        hop, secs = self._tables(found)
        lots = np.arange(nodes - self.first_lot)
        return Ways(
            e=e,
            g=g,
            edge_signs=np.array([*range(self._signs), -1], np.int64),
            node_zone=np.zeros(nodes, np.int64),
            z=zone,
            hop=hop,
            secs=secs,
            lot_node=self.first_lot + lots,
            lot_target=self.first_lot - self.first_portal + lots,
            portal_node=self.first_portal + np.arange(self.first_lot - self.first_portal),
        )

    def again(self, nth: int, closed: Collection[str]) -> tuple[Ints, Floats]:
        """The tables as the network is now; SUMO knows what is closed."""
        return self._tables(self._find())

    def unreachable(self) -> list[tuple[int, int]]:
        """Portals and lots between which there is no way, there or back: the portal's index and the lot's."""
        found, portals, lots = self._find(), self.first_lot - self.first_portal, self.nodes - self.first_lot
        pairs = [(portal, lot) for portal in range(portals) for lot in range(lots)]
        return [
            (portal, lot)
            for portal, lot in pairs
            if (self.first_portal + portal, portals + lot) not in found or (self.first_lot + lot, portal) not in found
        ]

    def _find(self) -> dict[tuple[int, int], Way]:
        """Ways by node and target."""
        found = {}
        for node, begins in enumerate(self._begins):
            for target, ends in enumerate(self._ends):
                is_there = node == self.first_portal + target
                if not is_there and (way := self._router.quickest(begins, ends)) is not None:
                    found[node, target] = way
        return found

    def _tables(self, found: dict[tuple[int, int], Way]) -> tuple[Ints, Floats]:
        hop = np.full((len(self._ends), self.nodes), -1, np.int64)
        secs = np.full((len(self._ends), self.nodes), NO_WAY_S)
        for target in range(len(self._ends)):
            secs[target, self.first_portal + target] = 0.0
        for (node, target), way in found.items():
            hop[target, node], secs[target, node] = self._piece(node, target), way.seconds
        return hop.ravel(), secs.ravel()

    def _piece(self, node: int, target: int) -> int:
        return node * len(self._ends) + target
