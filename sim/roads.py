"""The road graph a driver knows: sections in their direction, the way back, links between them, and ways into lots.

Built from the town alone. Sections carry loops and signs; the way back and the links do not, so they always take the
same time.
"""

import heapq
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from parking.domain.place import Point, distance_m
from parking.domain.section import Section
from parking.domain.sign import Sign
from parking.domain.town import Town
from sim.lines import heading_deg, project
from sim.zones import Zone

NEARBY_M: Final = 900.0
"""Ends of sections closer than this are joined by small streets."""
SMALL_STREET_DETOUR: Final = 1.4
SMALL_STREET_MPS: Final = 25 / 3.6 / SMALL_STREET_DETOUR
LINK_DETOUR: Final = 1.2
LINK_MPS: Final = 42 / 3.6 / LINK_DETOUR
"""Speed over detour: links are drawn straight, streets are not."""
ACCESS_NEAR_M: Final = 300.0
ACCESS_DETOUR: Final = 1.3
ACCESS_MPS: Final = 20 / 3.6 / ACCESS_DETOUR
TURN_IN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One piece of a way: some part of a section, or unwatched streets (section -1)."""

    to: int
    section: int
    part: float
    """Share of the section's length that is driven."""
    extra_s: float
    """Time on unwatched streets besides."""
    metres: float = 0.0
    """Length of all of it."""
    before: tuple[int, ...] = ()
    """Signs read on entering."""
    after: tuple[int, ...] = ()
    """Signs read on leaving."""
    road: int = -1
    """The section it runs along from end to end, in either direction. Lots on a closed section are reached up to where
    it is closed, from one side or the other."""


class Roads:
    """Nodes are numbers: ends of sections, then portals, then lots."""

    def __init__(
        self,
        town: Town,
        portals: Sequence[Point],
        one_way: Sequence[str],
        zone: Zone | None = None,
        closed: Collection[str] = (),
    ) -> None:
        """Roads of the town, or of that zone of it, without the sections that are closed."""
        self._sections = [town.sections[nth] for nth in zone.sections] if zone else town.sections
        self._lots = [town.lots[nth] for nth in zone.lots] if zone else town.lots
        self._signs = [(nth, town.signs[nth]) for nth in (zone.signs if zone else range(len(town.signs)))]
        self._one_way, self._closed = frozenset(one_way), frozenset(closed)
        self.first_portal = 2 * len(self._sections)
        self.first_lot = self.first_portal + len(portals)
        self._from: list[list[Leg]] = [[] for _ in range(self.first_lot + len(self._lots))]
        self._join_sections()
        self._join_portals(portals)
        self._join_lots()
        self._best: dict[int, tuple[list[float], list[Leg | None]]] = {}
        self._ways: dict[tuple[int, int], tuple[Leg, ...]] = {}

    def portal_node(self, portal: int) -> int:
        """The node of a portal by its index."""
        return self.first_portal + portal

    def lot_node(self, lot: int) -> int:
        """The node of a lot by its index."""
        return self.first_lot + lot

    @property
    def legs(self) -> Sequence[Sequence[Leg]]:
        """All pieces of ways, by the node they lead from."""
        return self._from

    def towards(self, to: int) -> tuple[Sequence[float], Sequence[Leg | None]]:
        """From every node to one at free flow: seconds, and the next leg; a closed section is driven by nobody."""
        return self._towards(to)

    def seconds(self, node: int, to: int) -> float:
        """Free-flow driving time; infinite without a way."""
        return self._towards(to)[0][node]

    def way(self, node: int, to: int) -> tuple[Leg, ...]:
        """The quickest way at free flow, unwatched pieces drawn together."""
        if (node, to) not in self._ways:
            self._ways[node, to] = self._walk(node, to)
        return self._ways[node, to]

    def _walk(self, node: int, to: int) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        nexts = self._towards(to)[1]
        while node != to and (leg := nexts[node]) is not None:
            if legs and legs[-1].section < 0 and leg.section < 0 and not legs[-1].after and not leg.before:
                last = legs.pop()
                leg = Leg(leg.to, -1, 0.0, last.extra_s + leg.extra_s, last.metres + leg.metres, last.before, leg.after)
            legs.append(leg)
            node = leg.to
        return tuple(legs)

    def _towards(self, to: int) -> tuple[list[float], list[Leg | None]]:
        """Dijkstra from every node to one: seconds and the next leg."""
        if to not in self._best:
            self._best[to] = self._dijkstra(to)
        return self._best[to]

    def _dijkstra(self, to: int) -> tuple[list[float], list[Leg | None]]:
        into: list[list[tuple[int, Leg]]] = [[] for _ in self._from]
        for node, legs in enumerate(self._from):
            for leg in legs:
                into[leg.to].append((node, leg))
        seconds = [float("inf")] * len(self._from)
        nexts: list[Leg | None] = [None] * len(self._from)
        seconds[to] = 0.0
        heap = [(0.0, to)]
        while heap:
            cost, node = heapq.heappop(heap)
            if cost > seconds[node] or (node >= self.first_lot and node != to):
                continue
            for before, leg in into[node]:
                if leg.road >= 0 and self._sections[leg.road].id in self._closed:
                    continue
                total = cost + self._free_s(leg)
                if total < seconds[before]:
                    seconds[before], nexts[before] = total, leg
                    heapq.heappush(heap, (total, before))
        return seconds, nexts

    def _free_s(self, leg: Leg) -> float:
        if leg.section < 0:
            return leg.extra_s
        section = self._sections[leg.section]
        return leg.extra_s + leg.part * section.length_m / section.free_flow_kmh * 3.6

    def _join_sections(self) -> None:
        index = {section.id: nth for nth, section in enumerate(self._sections)}
        for nth, section in enumerate(self._sections):
            along, against = signs_on(section, self._signs)
            self._from[2 * nth].append(_drive(2 * nth + 1, nth, along, 0.0, 1.0, section.length_m))
            if section.id not in self._one_way:
                back_s = section.length_m / section.free_flow_kmh * 3.6
                self._from[2 * nth + 1].append(_drive_back(2 * nth, nth, back_s, section.length_m, against))
            for after in section.next:
                gap = distance_m(section.line[-1], self._sections[index[after]].line[0])
                self._both(2 * nth + 1, 2 * index[after], gap / LINK_MPS, gap * LINK_DETOUR)
        ends = [point for section in self._sections for point in (section.line[0], section.line[-1])]
        for a, here in enumerate(ends):
            for b in range(a + 1, len(ends)):
                if a // 2 != b // 2 and (gap := distance_m(here, ends[b])) < NEARBY_M:
                    self._both(a, b, gap / SMALL_STREET_MPS, gap * SMALL_STREET_DETOUR)
        self._ends = ends

    def _join_portals(self, portals: Sequence[Point]) -> None:
        for nth, point in enumerate(portals):
            near = min(range(len(self._ends)), key=lambda end: distance_m(point, self._ends[end]))
            gap = distance_m(point, self._ends[near])
            self._both(self.portal_node(nth), near, gap / LINK_MPS, gap * LINK_DETOUR)

    def _join_lots(self) -> None:
        index = {section.id: nth for nth, section in enumerate(self._sections)}
        for which, lot in enumerate(self._lots):
            nth, section = index[lot.section], self._sections[index[lot.section]]
            part, off_m = project(lot.place, section.line)
            along, against = signs_on(section, self._signs)
            access_s, node = access_time_s(off_m), self.lot_node(which)
            access_m, ahead_m, behind_m = access_length_m(off_m), (1 - part) * section.length_m, part * section.length_m
            whole_s = section.length_m / section.free_flow_kmh * 3.6
            self._from[2 * nth].append(_drive(node, nth, along, access_s, part, access_m + behind_m))
            self._from[node].append(_drive(2 * nth + 1, nth, (), access_s, 1 - part, access_m + ahead_m))
            if section.id not in self._one_way:
                passed = tuple(sign for sign in against if sign[1] >= part)
                back_s = access_s + (1 - part) * whole_s
                self._from[2 * nth + 1].append(_drive_back(node, -1, back_s, access_m + ahead_m, passed))
                self._from[node].append(_drive_back(2 * nth, -1, access_s + part * whole_s, access_m + behind_m, ()))

    def _both(self, a: int, b: int, seconds: float, metres: float) -> None:
        self._from[a].append(Leg(b, -1, 0.0, seconds, metres))
        self._from[b].append(Leg(a, -1, 0.0, seconds, metres))


Placed = tuple[int, float]
"""A sign's index and where it stands along its section, 0..1."""


def signs_on(section: Section, signs: Iterable[tuple[int, Sign]]) -> tuple[tuple[Placed, ...], tuple[Placed, ...]]:
    """Signs for those who drive along the section, and for those who come back."""
    along: list[Placed] = []
    against: list[Placed] = []
    for nth, sign in signs:
        if sign.section == section.id:
            where, _ = project(sign.place, section.line)
            turned = abs((sign.heading_deg - heading_deg(section.line) + 180) % 360 - 180)
            (along if turned <= 90 else against).append((nth, where))
    return tuple(along), tuple(against)


def _drive(to: int, section: int, signs: tuple[Placed, ...], access_s: float, part: float, metres: float) -> Leg:
    passed = [(nth, where) for nth, where in signs if where <= part + 0.01]
    before = tuple(nth for nth, where in passed if where < 0.5)
    after = tuple(nth for nth, where in passed if where >= 0.5)
    return Leg(
        to, section, part, access_s, metres, before, after, road=section if part >= 1.0 and access_s <= 0 else -1
    )


def _drive_back(to: int, road: int, seconds: float, metres: float, signs: tuple[Placed, ...]) -> Leg:
    before = tuple(nth for nth, where in signs if where >= 0.5)
    after = tuple(nth for nth, where in signs if where < 0.5)
    return Leg(to, -1, 0.0, seconds, metres, before, after, road=road)


def access_time_s(off_m: float) -> float:
    """From a section to a lot beside it: a slow lane first, a road beyond."""
    return TURN_IN_S + min(off_m, ACCESS_NEAR_M) / ACCESS_MPS + max(0.0, off_m - ACCESS_NEAR_M) / LINK_MPS


def access_length_m(off_m: float) -> float:
    """The way that `access_time_s` takes."""
    return min(off_m, ACCESS_NEAR_M) * ACCESS_DETOUR + max(0.0, off_m - ACCESS_NEAR_M) * LINK_DETOUR
