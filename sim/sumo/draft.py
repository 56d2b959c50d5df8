"""Draw a small network of a town's own sections and lots, for a city that has none at hand yet.

Sections become edges along their lines, in both directions unless they are one-way. Ends that lie near each other are
one crossing, or joined by small streets; portals are roads that end there. Lots lie beside the edge of their section,
one that is far off at the end of a road of its own.
"""

from collections.abc import Iterator
from itertools import combinations
from math import cos, radians
from typing import Final

from parking.domain.lot import Lot
from parking.domain.place import METRES_PER_DEGREE, Point, distance_m
from parking.domain.section import Section
from parking.domain.sign import Sign
from parking.domain.town import Town
from sim.lines import heading_deg, project
from sim.roads import ACCESS_NEAR_M, LINK_DETOUR, LINK_MPS, NEARBY_M, SMALL_STREET_DETOUR, SMALL_STREET_MPS
from sim.scenario import Demand, Place
from sim.sumo.cuts import CLEAR_M, Cut, cut, part_of, point_at
from sim.sumo.mapping import LotMap, Mapping, PortalMap, SectionMap, SignMap, Spot
from sim.sumo.sketch import XY, Edge, Sketch
from sim.sumo.spanner import Link, Ways, worth_drawing

NET: Final = "town.net.xml"
ONE_CROSSING_M: Final = 100.0
"""Ends so near to each other are one crossing."""
END_SHARE: Final = 0.02
"""The road to a far lot turns off at the section's end when it would do so this near to it."""
READ_M: Final = 60.0
"""A sign stands so far before the entrance it names, and before the next crossing: who reads it can still turn."""
SAME_PLACE_M: Final = 80.0
PORTAL_M: Final = 200.0
"""Least length of a portal's road: cars that set out need room to come in."""
LINK_LANES: Final = 2
SECTION_RANK: Final = 10
LINK_RANK: Final = 5
ACCESS_RANK: Final = 2


def draft(town: Town, demand: Demand) -> tuple[Sketch, Mapping]:
    """The network of that town, and what is where on it."""
    sketch = Draft(town, demand).draw()
    whole = tuple(sketch.sections), tuple(sketch.lots), tuple(sketch.signs), tuple(sketch.portals)
    return sketch, Mapping(town.id, NET, *whole)


class Draft:
    """One drawing."""

    def __init__(self, town: Town, demand: Demand) -> None:
        self._town, self._demand, self._sketch = town, demand, Sketch()
        self._origin = town.sections[0].line[0]
        self._off = {str(lot.id): project(lot.place, self._section(lot).line) for lot in town.lots}
        self._ends: dict[tuple[str, int], str] = {}
        self._cuts: dict[str, Cut] = {}

    def draw(self) -> Sketch:
        """All of it."""
        self._find_crossings()
        for section in self._town.sections:
            self._draw_section(section)
        self._draw_links()
        for place in self._demand.portals:
            self._draw_portal(place)
        for lot in self._town.lots:
            self._draw_lot(lot)
        self._sketch.signs += [SignMap(str(sign.id), (self._sign_spot(sign),)) for sign in self._town.signs]
        return self._sketch

    def _section(self, lot: Lot) -> Section:
        return next(one for one in self._town.sections if one.id == lot.section)

    def _xy(self, point: Point) -> XY:
        east = (point.longitude - self._origin.longitude) * cos(radians(self._origin.latitude))
        return METRES_PER_DEGREE * east, METRES_PER_DEGREE * (point.latitude - self._origin.latitude)

    def _all_ends(self) -> Iterator[tuple[tuple[str, int], Point]]:
        for section in self._town.sections:
            yield (str(section.id), 0), section.line[0]
            yield (str(section.id), -1), section.line[-1]

    def _find_crossings(self) -> None:
        placed: list[tuple[str, Point]] = []
        for (section, end), point in self._all_ends():
            near = [name for name, other in placed if distance_m(point, other) < ONE_CROSSING_M]
            name = near[0] if near else f"{section}.{'begins' if end == 0 else 'ends'}"
            if not near:
                placed.append((name, point))
                self._sketch.nodes[name] = self._xy(point)
            self._ends[section, end] = name

    def _draw_section(self, section: Section) -> None:
        name, line = str(section.id), [self._xy(point) for point in section.line]
        lots = [lot for lot in self._town.lots if lot.section == section.id]
        near = [self._off[str(lot.id)][0] for lot in lots if not self._is_far(lot)]
        turns = [share for share in (self._turn(lot) for lot in lots if self._is_far(lot)) if 0 < share < 1]
        self._cuts[name] = done = cut(name, section.length_m, near, turns)
        nodes = [self._ends[name, 0], *(f"{name}@{share:.3f}" for share in done.nodes), self._ends[name, -1]]
        for node, share in zip(nodes[1:-1], done.nodes, strict=True):
            self._sketch.nodes[node] = point_at(line, share)
        for nth, piece in enumerate(done.pieces):
            edge = Edge(
                piece.name,
                nodes[nth],
                nodes[nth + 1],
                (piece.ends - piece.begins) * section.length_m,
                section.free_flow_kmh / 3.6,
                section.lanes,
                SECTION_RANK,
                part_of(line, piece.begins, piece.ends),
                f"-{piece.name}" if section.lanes == 1 and self._has_way_back(section) else "",
            )
            self._sketch.add_both(edge) if self._has_way_back(section) else self._sketch.edges.append(edge)
        gap = (done.gap, f"-{done.gap}") if self._has_way_back(section) else (done.gap,)
        self._sketch.sections.append(SectionMap(name, tuple(one.name for one in done.pieces), gap))

    def _has_way_back(self, section: Section) -> bool:
        return section.id not in self._demand.one_way

    def _is_far(self, lot: Lot) -> bool:
        return self._off[str(lot.id)][1] > ACCESS_NEAR_M

    def _turn(self, lot: Lot) -> float:
        """Share of its section at which the road to a far lot turns off."""
        share = self._off[str(lot.id)][0]
        return 0.0 if share < END_SHARE else 1.0 if share > 1 - END_SHARE else round(share, 3)

    def _draw_links(self) -> None:
        ways = Ways()
        for edge in self._sketch.edges:
            ways.add(edge.begins, edge.ends, edge.length_m / edge.speed_mps)
        for nth, link in enumerate(worth_drawing(ways, self._possible_links()), 1):
            self._sketch.add_both(
                Edge(f"link{nth}", link.begins, link.ends, link.length_m, link.speed_mps, link.lanes, LINK_RANK)
            )

    def _possible_links(self) -> Iterator[Link]:
        """Where sections go on to, and small streets between ends that lie near each other."""
        ends = dict(self._all_ends())
        for section in self._town.sections:
            for after in section.next:
                a, b = (str(section.id), -1), (str(after), 0)
                yield self._link(a, b, distance_m(ends[a], ends[b]), LINK_DETOUR, LINK_MPS, LINK_LANES)
        for (a, here), (b, there) in combinations(ends.items(), 2):
            if a[0] != b[0] and (gap := distance_m(here, there)) < NEARBY_M:
                yield self._link(a, b, gap, SMALL_STREET_DETOUR, SMALL_STREET_MPS, 1)

    def _link(self, a: tuple[str, int], b: tuple[str, int], gap: float, detour: float, mps: float, lanes: int) -> Link:
        return Link(self._ends[a], self._ends[b], gap / mps, max(PORTAL_M / 4, gap * detour), mps * detour, lanes)

    def _draw_portal(self, place: Place) -> None:
        point = Point(*place.place)
        end, gap = min(((end, distance_m(point, at)) for end, at in self._all_ends()), key=lambda one: one[1])
        node, name = f"portal.{place.id}", f"from.{place.id}"
        self._sketch.nodes[node] = self._xy(point)
        length = max(PORTAL_M, gap * LINK_DETOUR)
        edge = Edge(name, node, self._ends[end], length, LINK_MPS * LINK_DETOUR, LINK_LANES, LINK_RANK)
        self._sketch.add_both(edge)
        self._sketch.portals.append(PortalMap(place.id, name, f"-{name}"))

    def _draw_lot(self, lot: Lot) -> None:
        if self._is_far(lot):
            self._draw_road_to(lot)
            return
        section, share = self._section(lot), self._off[str(lot.id)][0]
        here = self._cuts[str(section.id)]
        spots = [here.spot(share)]
        if self._has_way_back(section):
            spots.append(here.spot(share, back=True))
        self._sketch.lots.append(LotMap(str(lot.id), tuple(spots), tuple(map(_a_little_further, spots))))

    def _draw_road_to(self, lot: Lot) -> None:
        section, share, off_m = self._section(lot), self._turn(lot), self._off[str(lot.id)][1]
        turn = f"{section.id}@{share:.3f}" if 0 < share < 1 else self._ends[str(section.id), -1 if share else 0]
        node, name, length = f"lot.{lot.id}", f"to.{lot.id}", off_m * LINK_DETOUR
        self._sketch.nodes[node] = self._xy(lot.place)
        self._sketch.add_both(Edge(name, turn, node, length, LINK_MPS * LINK_DETOUR, 1, ACCESS_RANK))
        entrance, way_out = Spot(name, round(length - CLEAR_M, 1)), Spot(f"-{name}", CLEAR_M)
        self._sketch.lots.append(LotMap(str(lot.id), (entrance,), (way_out,)))

    def _sign_spot(self, sign: Sign) -> Spot:
        section = next(one for one in self._town.sections if one.id == sign.section)
        share, back = self._where(sign, section)
        return self._cuts[str(section.id)].spot(share, back=back, keep_m=READ_M)

    def _where(self, sign: Sign, section: Section) -> tuple[float, bool]:
        share, _ = project(sign.place, section.line)
        back = abs((sign.heading_deg - heading_deg(section.line) + 180) % 360 - 180) > 90
        before, step = READ_M / section.length_m, SAME_PLACE_M / section.length_m
        named = {str(lot) for panel in sign.panels for lot in panel.lots}
        for lot in self._town.lots:
            at = self._off[str(lot.id)][0]
            if str(lot.id) in named and lot.section == section.id and abs(at - share) < step:
                share = at + before if back else at - before
        return min(1.0, max(0.0, share)), back


def _a_little_further(spot: Spot) -> Spot:
    """Cars come out behind where others turn in."""
    return Spot(spot.edge, spot.at_m + CLEAR_M / 2)
