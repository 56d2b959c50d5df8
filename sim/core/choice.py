"""How a driver picks a lot: drive, walk, climb, money, taste, habit, what signs said and what was tried."""

from sim.core.compiled import inlined, law
from sim.core.fields import (
    L_WIDTH,
    L_ZONE_TARGET,
    M_USUAL,
    M_WIDTH,
    MANY,
    O_AFOOT,
    O_CLIMB,
    O_WIDTH,
    O_YUAN,
    OFFERS,
    T_BELIEVED,
    T_DEST,
    T_FAILURES,
    T_HEEDS,
    T_LOCAL,
    T_NODE,
    T_TRIED,
    T_WIDTH,
    U_FEET,
    U_PURSE,
    U_STAY,
    U_WHIM,
    U_WIDTH,
    UNHEARD,
    Z_FIRST_NODE,
    Z_NODES,
    Z_TABLE,
    Z_WIDTH,
    State,
)
from sim.core.laws import (
    FEET,
    HABIT_FROM,
    HABIT_S,
    LONGEST_PAID_H,
    RISK_BAYS,
    RISK_S,
    SECONDS_A_YUAN,
    VISITORS_KNOW,
    WHIM_S,
)


@inlined
def way_index(state: State, node: int, target: int) -> int:
    """Where the tables of ways tell of the way from that node to that target of its zone."""
    zone = state.node_zone[node] * Z_WIDTH
    return state.z[zone + Z_TABLE] + target * state.z[zone + Z_NODES] + node - state.z[zone + Z_FIRST_NODE]


@inlined
def seconds_to(state: State, node: int, lot: int) -> float:
    """Driving time on free roads; infinite without a way."""
    return state.secs[way_index(state, node, state.lots[lot * L_WIDTH + L_ZONE_TARGET])]


@law
def pick(state: State, who: int) -> int:
    """The offer of the destination with the least cost from where the driver is; -1 when nothing is left to try."""
    best = _cheapest(state, who, state.t[who * T_WIDTH + T_HEEDS])
    if best < 0 and state.t[who * T_WIDTH + T_HEEDS]:
        return _cheapest(state, who, 0)
    return best


@inlined
def lot_of(state: State, who: int, offer: int) -> int:
    """The lot of that offer."""
    return state.offer_lot[state.t[who * T_WIDTH + T_DEST] * OFFERS + offer]


@inlined
def offer_of(state: State, who: int, lot: int) -> int:
    """The offer of that lot; -1 when it is out of the driver's reach."""
    first = state.t[who * T_WIDTH + T_DEST] * OFFERS
    for offer in range(OFFERS):
        if state.offer_lot[first + offer] == lot:
            return offer
    return -1


@inlined
def _cheapest(state: State, who: int, heeds: int) -> int:
    t, best, least = who * T_WIDTH, -1, 1e300
    first = state.t[t + T_DEST] * OFFERS
    for offer in range(OFFERS):
        lot = state.offer_lot[first + offer]
        if lot < 0 or state.t[t + T_TRIED] >> offer & 1 or not _knows(state, t, offer):
            continue
        heard = state.t[t + T_BELIEVED + offer]
        free = heard if heeds and heard != UNHEARD else MANY
        if free <= 0:
            continue
        cost = seconds_to(state, state.t[t + T_NODE], lot) + _cost(state, who, lot, first + offer, offer, free)
        if cost < least:
            best, least = offer, cost
    return best


@inlined
def _knows(state: State, t: int, offer: int) -> bool:
    if state.t[t + T_LOCAL] or offer < VISITORS_KNOW + state.t[t + T_FAILURES]:
        return True
    return state.t[t + T_HEEDS] > 0 and state.t[t + T_BELIEVED + offer] != UNHEARD


@inlined
def cost_s(afoot_s: float, climb_s: float, yuan_per_h: float, stay_s: float, feet: float, purse: float) -> float:
    """What a lot costs besides the drive, in seconds of driving: feet and money, for a driver of these tastes."""
    cost = FEET * feet * (afoot_s + climb_s)
    return cost + SECONDS_A_YUAN * purse * min(LONGEST_PAID_H, stay_s / 3600) * yuan_per_h


@inlined
def _cost(state: State, who: int, lot: int, nth: int, offer: int, free: int) -> float:
    u, o = who * U_WIDTH, nth * O_WIDTH
    afoot, climb, yuan = state.offer[o + O_AFOOT], state.offer[o + O_CLIMB], state.offer[o + O_YUAN]
    cost = cost_s(afoot, climb, yuan, state.u[u + U_STAY], state.u[u + U_FEET], state.u[u + U_PURSE])
    cost -= WHIM_S * state.u[u + U_WHIM + offer]
    if free < MANY:
        cost += RISK_S * RISK_BAYS / (RISK_BAYS + free)
    usual = state.m[lot * M_WIDTH + M_USUAL]
    if state.t[who * T_WIDTH + T_LOCAL] and usual > HABIT_FROM:
        cost += HABIT_S * (usual - HABIT_FROM) / (1 - HABIT_FROM)
    return cost
