"""Cars on their way: one piece of road after the other, signs read as they are passed."""

from sim.core.choice import lot_of, pick, seconds_to, way_index
from sim.core.compiled import inlined, law
from sim.core.fields import (
    E_AFTER,
    E_AFTER_END,
    E_BEFORE,
    E_BEFORE_END,
    E_SECTION,
    E_TO,
    E_WIDTH,
    ELSEWHERE,
    END_LEG,
    G_EXTRA,
    G_METRES,
    G_PART,
    G_WIDTH,
    GAVE_UP,
    L_NODE,
    L_WIDTH,
    L_ZONE_TARGET,
    LAMP_NEUTRAL,
    MANY,
    NOW,
    OFF_ROAD,
    OFFERS,
    R_LENGTH,
    R_PASSED,
    R_SPEED,
    R_WIDTH,
    S_OURS,
    S_WIDTH,
    T_BELIEVED,
    T_DEST,
    T_EDGE,
    T_FAILURES,
    T_HEEDS,
    T_NODE,
    T_SECTION,
    T_TARGET,
    T_TOKEN,
    T_WIDTH,
    U_LEG_ENDS,
    U_METRES,
    U_WIDTH,
    UNDER_WAY,
    State,
)
from sim.core.heap import push
from sim.core.laws import MOST_TRIES
from sim.core.log import free_slot, note


@law
def head_for(state: State, who: int) -> None:
    """Pick a lot and take the way there, or leave town when there is none or too many were tried."""
    offer = pick(state, who)
    if offer < 0 or state.t[who * T_WIDTH + T_FAILURES] >= MOST_TRIES:
        give_up(state, who)
        return
    state.t[who * T_WIDTH + T_TARGET] = lot_of(state, who, offer)
    begin_leg(state, who)


@law
def give_up(state: State, who: int) -> None:
    """Leave town, and be counted."""
    state.i[GAVE_UP] += 1
    state.i[UNDER_WAY] -= 1
    note(state, who, -1)
    free_slot(state, who)


@inlined
def next_edge(state: State, who: int) -> int:
    """The next piece of the way to the target; -1 when there is none any more."""
    lot = state.t[who * T_WIDTH + T_TARGET]
    target = state.lots[lot * L_WIDTH + L_ZONE_TARGET]
    return state.hop[way_index(state, state.t[who * T_WIDTH + T_NODE], target)]


@law
def begin_leg(state: State, who: int) -> None:
    """Drive on from where the driver is."""
    edge = next_edge(state, who)
    if edge >= 0 and state.e[edge * E_WIDTH + E_BEFORE] < state.e[edge * E_WIDTH + E_BEFORE_END]:
        first, last = state.e[edge * E_WIDTH + E_BEFORE], state.e[edge * E_WIDTH + E_BEFORE_END]
        if reads(state, who, first, last):
            edge = _think_again(state, who)
    if edge < 0:
        _find_another_way(state, who)
        return
    _go(state, who, edge)


@inlined
def _think_again(state: State, who: int) -> int:
    offer = pick(state, who)
    if offer >= 0:
        state.t[who * T_WIDTH + T_TARGET] = lot_of(state, who, offer)
    return next_edge(state, who)


@law
def _find_another_way(state: State, who: int) -> None:
    """The way is closed: another lot, or home."""
    state.i[OFF_ROAD] += 1
    offer = pick(state, who)
    if offer >= 0:
        lot = lot_of(state, who, offer)
        if seconds_to(state, state.t[who * T_WIDTH + T_NODE], lot) < 1e17:
            state.t[who * T_WIDTH + T_TARGET] = lot
            _go(state, who, next_edge(state, who))
            return
    give_up(state, who)


@inlined
def _go(state: State, who: int, edge: int) -> None:
    """Take that piece, and the unwatched ones right behind it in one go."""
    t, u = who * T_WIDTH, who * U_WIDTH
    extra = _take(state, who, edge)
    section = state.e[edge * E_WIDTH + E_SECTION]
    while section < 0 and not _has_after(state, edge) and not _is_there(state, who):
        following = next_edge(state, who)
        if following < 0 or not _is_plain(state, following):
            break
        edge = following
        extra += _take(state, who, edge)
    state.t[t + T_EDGE] = edge
    ends = state.f[NOW] + drive_s(state, who, edge, extra)
    state.u[u + U_LEG_ENDS] = ends
    if section != ELSEWHERE:
        push(state, ends, END_LEG, who, state.t[t + T_TOKEN])


@inlined
def _take(state: State, who: int, edge: int) -> float:
    state.t[who * T_WIDTH + T_NODE] = state.e[edge * E_WIDTH + E_TO]
    state.u[who * U_WIDTH + U_METRES] += state.g[edge * G_WIDTH + G_METRES]
    return state.g[edge * G_WIDTH + G_EXTRA]


@inlined
def _has_after(state: State, edge: int) -> bool:
    return state.e[edge * E_WIDTH + E_AFTER] < state.e[edge * E_WIDTH + E_AFTER_END]


@inlined
def _is_plain(state: State, edge: int) -> bool:
    e = edge * E_WIDTH
    return state.e[e + E_SECTION] < 0 and state.e[e + E_BEFORE] == state.e[e + E_BEFORE_END]


@inlined
def _is_there(state: State, who: int) -> bool:
    lot = state.t[who * T_WIDTH + T_TARGET]
    return state.t[who * T_WIDTH + T_NODE] == state.lots[lot * L_WIDTH + L_NODE]


@inlined
def drive_s(state: State, who: int, edge: int, extra: float) -> float:
    """How long that piece takes now, `extra` besides; the car stands on the section from now on."""
    section = state.e[edge * E_WIDTH + E_SECTION]
    if section < 0:
        return extra
    state.t[who * T_WIDTH + T_SECTION] = section
    state.s[section * S_WIDTH + S_OURS] += 1
    r = section * R_WIDTH
    return extra + state.g[edge * G_WIDTH + G_PART] * state.r[r + R_LENGTH] / state.r[r + R_SPEED] * 3.6


@inlined
def off_the_section(state: State, who: int) -> None:
    """The car has passed the section it was on."""
    section = state.t[who * T_WIDTH + T_SECTION]
    if section >= 0:
        state.s[section * S_WIDTH + S_OURS] -= 1
        state.r[section * R_WIDTH + R_PASSED] += 1
        state.t[who * T_WIDTH + T_SECTION] = -1


@law
def reads(state: State, who: int, first: int, last: int) -> bool:
    """Take in what these signs spell; whether the driver lets it count."""
    t = who * T_WIDTH
    if not state.t[t + T_HEEDS]:
        return False
    for nth in range(first, last):
        sign = state.edge_signs[nth]
        for panel in range(state.sign_panels[sign], state.sign_panels[sign + 1]):
            if state.lamp[panel] != LAMP_NEUTRAL:
                _believe(state, t, panel)
    return True


@inlined
def _believe(state: State, t: int, panel: int) -> None:
    first, last = state.panel_lots[panel], state.panel_lots[panel + 1]
    said = state.lamp[panel]
    if said > 0 and last - first > 1:
        said = MANY
    offers = state.t[t + T_DEST] * OFFERS
    for nth in range(first, last):
        for offer in range(OFFERS):
            if state.offer_lot[offers + offer] == state.shown_lots[nth]:
                state.t[t + T_BELIEVED + offer] = said
