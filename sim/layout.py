"""A town and its demand as the flat tables of the law: ways, lots, sections, signs and what offers there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from parking.domain.lot import Lot, LotKind
from parking.domain.place import Point
from parking.domain.town import Town
from sim.choice import Offer, offers_of
from sim.core.fields import (
    E_AFTER,
    E_AFTER_END,
    E_BEFORE,
    E_BEFORE_END,
    E_SECTION,
    E_TO,
    E_WIDTH,
    G_EXTRA,
    G_METRES,
    G_PART,
    G_WIDTH,
    L_BAYS,
    L_CAPACITY,
    L_CLOSES,
    L_HEAD,
    L_NODE,
    L_OPENS,
    L_ROOM,
    L_SECTION,
    L_TAIL,
    L_WIDTH,
    L_ZONE_TARGET,
    M_GATE_S,
    M_WIDTH,
    O_AFOOT,
    O_CLIMB,
    O_WIDTH,
    O_YUAN,
    OFFERS,
    R_FREE,
    R_LENGTH,
    R_SPEED,
    R_WIDTH,
    S_LANES,
    S_WIDTH,
    Z_FIRST_NODE,
    Z_FIRST_TARGET,
    Z_NODES,
    Z_TABLE,
    Z_WIDTH,
)
from sim.roads import Leg, Roads
from sim.scenario import Demand
from sim.zones import Zone

GATE_S: Final = 6.0
"""A ticket gate lets a car in about every six seconds."""
TWO_GATES_FROM: Final = 300
"""Bays from which a lot has two entrance lanes."""
NO_WAY_S: Final = 1e18
"""What a way that does not exist takes."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ways:
    """Nodes, pieces of ways and the tables over them."""

    e: Ints
    g: Floats
    edge_signs: Ints
    node_zone: Ints
    z: Ints
    hop: Ints
    secs: Floats
    lot_node: Ints
    lot_target: Ints
    portal_node: Ints


class Survey(Protocol):
    """Somebody who knows the ways of a town."""

    zones: Sequence[Zone]

    def survey(self) -> Ways:
        """Everything, with all sections open. Asked for once, before anything else."""
        ...

    def again(self, nth: int, closed: Collection[str]) -> tuple[Ints, Floats]:
        """Next pieces and seconds of the n-th zone without these sections, in the order of `Ways`."""
        ...


class Surveyor:
    """Finds the ways of all zones; again, when a section closes or opens."""

    def __init__(self, town: Town, demand: Demand, zones: Sequence[Zone]) -> None:
        self._town, self._demand, self.zones = town, demand, zones
        self._first_edge: list[int] = []
        self._first_node: list[int] = []

    def survey(self) -> Ways:
        """Everything, with all sections open."""
        edges: list[Leg] = []
        zone_rows, hops, secs = [], [], []
        lot_node, lot_target = np.zeros(len(self._town.lots), np.int64), np.zeros(len(self._town.lots), np.int64)
        portal_node = np.zeros(len(self._demand.portals), np.int64)
        node_zone: list[int] = []
        table = 0
        for nth, zone in enumerate(self.zones):
            roads, node = self._roads(zone), len(node_zone)
            self._first_edge.append(len(edges))
            self._first_node.append(node)
            edges += [self._globally(leg, zone, node) for legs in roads.legs for leg in legs]
            hop, sec = self._table(nth, roads)
            row = [0] * Z_WIDTH
            row[Z_TABLE], row[Z_NODES], row[Z_FIRST_NODE] = table, len(roads.legs), node
            row[Z_FIRST_TARGET] = node + roads.first_portal
            zone_rows += row
            node_zone += [nth] * len(roads.legs)
            lot_node[list(zone.lots)] = node + roads.first_lot + np.arange(len(zone.lots))
            lot_target[list(zone.lots)] = len(zone.portals) + np.arange(len(zone.lots))
            portal_node[list(zone.portals)] = node + roads.first_portal + np.arange(len(zone.portals))
            hops.append(hop)
            secs.append(sec)
            table += hop.size
        e, g, signs = _edges(edges)
        return Ways(
            e=e,
            g=g,
            edge_signs=signs,
            node_zone=np.array(node_zone, np.int64),
            z=np.array(zone_rows, np.int64),
            hop=np.concatenate(hops),
            secs=np.concatenate(secs),
            lot_node=lot_node,
            lot_target=lot_target,
            portal_node=portal_node,
        )

    def again(self, nth: int, closed: Collection[str]) -> tuple[Ints, Floats]:
        """Tables of the n-th zone without these sections."""
        return self._table(nth, self._roads(self.zones[nth], closed))

    def _roads(self, zone: Zone, closed: Collection[str] = ()) -> Roads:
        portals = [Point(*self._demand.portals[nth].place) for nth in zone.portals]
        return Roads(self._town, portals, self._demand.one_way, zone, closed)

    def _globally(self, leg: Leg, zone: Zone, node: int) -> Leg:
        section = zone.sections[leg.section] if leg.section >= 0 else -1
        return Leg(leg.to + node, section, leg.part, leg.extra_s, leg.metres, leg.before, leg.after, leg.road)

    def _table(self, nth: int, roads: Roads) -> tuple[Ints, Floats]:
        """Next pieces and seconds, target by target (portals, then lots), each over all nodes of the zone."""
        numbers = {id(leg): self._first_edge[nth] + at for at, leg in enumerate(_flat(roads))}
        hops, secs = [], []
        for target in range(roads.first_portal, len(roads.legs)):
            seconds, nexts = roads.towards(target)
            hops += [-1 if leg is None else numbers[id(leg)] for leg in nexts]
            secs += [min(NO_WAY_S, one) for one in seconds]
        return np.array(hops, np.int64), np.array(secs, np.float64)


def _flat(roads: Roads) -> list[Leg]:
    return [leg for legs in roads.legs for leg in legs]


def _edges(legs: Sequence[Leg]) -> tuple[Ints, Floats, Ints]:
    e, g = np.zeros((len(legs), E_WIDTH), np.int64), np.zeros((len(legs), G_WIDTH))
    signs: list[int] = []
    for nth, leg in enumerate(legs):
        e[nth, E_TO], e[nth, E_SECTION] = leg.to, leg.section
        e[nth, E_BEFORE], e[nth, E_BEFORE_END] = len(signs), len(signs) + len(leg.before)
        signs += leg.before
        e[nth, E_AFTER], e[nth, E_AFTER_END] = len(signs), len(signs) + len(leg.after)
        signs += leg.after
        g[nth, G_PART], g[nth, G_EXTRA], g[nth, G_METRES] = leg.part, leg.extra_s, leg.metres
    return e, g, np.array([*signs, -1], np.int64)


def lot_tables(town: Town, ways: Ways) -> tuple[Ints, Floats]:
    """Whole numbers and numbers of each lot."""
    whole, numbers = np.zeros((len(town.lots), L_WIDTH), np.int64), np.zeros((len(town.lots), M_WIDTH))
    section = {one.id: nth for nth, one in enumerate(town.sections)}
    bays = 0
    for nth, lot in enumerate(town.lots):
        row = whole[nth]
        row[L_CAPACITY], row[L_BAYS], row[L_HEAD], row[L_TAIL] = lot.capacity, bays, -1, -1
        row[L_OPENS], row[L_CLOSES] = _hours(lot)
        row[L_ROOM], row[L_SECTION] = lot.queue_room, section[lot.section]
        row[L_NODE], row[L_ZONE_TARGET] = ways.lot_node[nth], ways.lot_target[nth]
        numbers[nth, M_GATE_S] = _gate_s(lot)
        bays += lot.capacity
    return whole, numbers


def _hours(lot: Lot) -> tuple[int, int]:
    if lot.hours is None:
        return 0, 0
    return tuple(one.hour * 3600 + one.minute * 60 + one.second for one in (lot.hours.opens, lot.hours.closes))  # type: ignore[return-value]


def _gate_s(lot: Lot) -> float:
    """Seconds between two cars at the entrance; none at kerbside and shared bays."""
    if lot.kind in (LotKind.ON_STREET, LotKind.SHARED):
        return 0.0
    return GATE_S / 2 if lot.capacity >= TWO_GATES_FROM else GATE_S


def free_bays(town: Town) -> Ints:
    """Each lot's bays, the first one on top of its pile."""
    return np.concatenate([np.arange(lot.capacity - 1, -1, -1) for lot in town.lots])


def section_tables(town: Town) -> tuple[Ints, Floats]:
    """Whole numbers and numbers of each section."""
    whole, numbers = np.zeros((len(town.sections), S_WIDTH), np.int64), np.zeros((len(town.sections), R_WIDTH))
    for nth, section in enumerate(town.sections):
        whole[nth, S_LANES] = section.lanes
        numbers[nth, R_LENGTH] = section.length_m
        numbers[nth, R_FREE] = numbers[nth, R_SPEED] = section.free_flow_kmh
    return whole, numbers


def offer_tables(town: Town, demand: Demand, zones: Sequence[Zone]) -> tuple[Ints, Floats]:
    """Lots in reach of each destination, nearest first; -1 where there are no more."""
    lots = np.full((len(demand.destinations), OFFERS), -1, np.int64)
    numbers = np.zeros((len(demand.destinations), OFFERS, O_WIDTH))
    for zone in zones:
        for place in zone.destinations:
            for nth, offer in enumerate(offers_of(town, demand, demand.destinations[place], zone.lots)):
                lots[place, nth] = offer.lot
                numbers[place, nth] = _offer_row(offer)
    return lots, numbers


def _offer_row(offer: Offer) -> Floats:
    row = np.zeros(O_WIDTH)
    row[O_AFOOT], row[O_YUAN], row[O_CLIMB] = offer.afoot_s, offer.yuan_per_h, offer.climb_s
    return row


def sign_tables(town: Town) -> tuple[Ints, Ints, Ints]:
    """Where each sign's panels begin, where each panel's lots begin, and those lots."""
    index = {lot.id: nth for nth, lot in enumerate(town.lots)}
    panels, lots, shown = [0], [0], []
    for sign in town.signs:
        for panel in sign.panels:
            shown += [index[lot] for lot in panel.lots]
            lots.append(len(shown))
        panels.append(panels[-1] + len(sign.panels))
    return np.array(panels, np.int64), np.array(lots, np.int64), np.array([*shown, -1], np.int64)
