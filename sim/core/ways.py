"""Questions about ways and cars that whoever looks on may ask."""

from sim.core.choice import offer_of, seconds_to, way_index
from sim.core.compiled import inlined, law
from sim.core.fields import (
    E_TO,
    E_WIDTH,
    G_METRES,
    G_WIDTH,
    L_NODE,
    L_WIDTH,
    L_ZONE_TARGET,
    T_BELIEVED,
    T_HEEDS,
    T_NODE,
    T_STATE,
    T_TARGET,
    T_WAITS,
    T_WATCHED,
    T_WIDTH,
    U_LEAVES,
    U_LEG_ENDS,
    U_WIDTH,
    UNHEARD,
    Z_FIRST_TARGET,
    Z_WIDTH,
    State,
)

LOOKING = 1
INSIDE = 2


@inlined
def home_edge(state: State, node: int, portal: int) -> int:
    """Next piece of the way from that node to that portal's node; -1 when it is reached or out of reach."""
    first = state.z[state.node_zone[node] * Z_WIDTH + Z_FIRST_TARGET]
    return state.hop[way_index(state, node, portal - first)]


@law
def metres_to(state: State, node: int, lot: int) -> float:
    """Length of the way from that node to that lot."""
    target, metres = state.lots[lot * L_WIDTH + L_ZONE_TARGET], 0.0
    while node != state.lots[lot * L_WIDTH + L_NODE]:
        edge = state.hop[way_index(state, node, target)]
        if edge < 0:
            return metres
        metres += state.g[edge * G_WIDTH + G_METRES]
        node = state.e[edge * E_WIDTH + E_TO]
    return metres


@law
def leaving_by(state: State, lot: int, at: float) -> int:
    """How many of those inside will have left by then."""
    count = 0
    for who in range(len(state.t) // T_WIDTH):
        t = who * T_WIDTH
        if state.t[t + T_STATE] == INSIDE and state.t[t + T_TARGET] == lot and state.u[who * U_WIDTH + U_LEAVES] <= at:
            count += 1
    return count


@law
def coming(state: State, lot: int, by: float) -> int:
    """Cars that will be at that lot by then on free roads and that no sign ahead can turn aside any more."""
    count = 0
    for who in range(len(state.t) // T_WIDTH):
        t = who * T_WIDTH
        if state.t[t + T_STATE] != LOOKING or state.t[t + T_TARGET] != lot or state.t[t + T_WAITS]:
            continue
        offer = offer_of(state, who, lot)
        has_heard = offer >= 0 and state.t[t + T_BELIEVED + offer] != UNHEARD
        if (has_heard or not state.t[t + T_HEEDS]) and (
            state.u[who * U_WIDTH + U_LEG_ENDS] + seconds_to(state, state.t[t + T_NODE], lot) <= by
        ):
            count += 1
    return count


@law
def count_looking(state: State) -> int:
    """Watched drivers who have no bay yet."""
    count = 0
    for t in range(0, len(state.t), T_WIDTH):
        if state.t[t + T_STATE] == LOOKING and state.t[t + T_WATCHED]:
            count += 1
    return count
