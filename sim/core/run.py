"""The run: drivers set out, events happen in the order of their times, sections move on each step."""

from sim.core.choice import lot_of, pick
from sim.core.compiled import inlined, law
from sim.core.drive import begin_leg, drive_s, head_for, off_the_section, reads
from sim.core.fields import (
    D_DEST,
    D_HEEDS,
    D_LOCAL,
    D_ORIGIN,
    D_WIDTH,
    DRIVERS,
    E_AFTER,
    E_AFTER_END,
    E_SECTION,
    E_TO,
    E_WIDTH,
    END_LEG,
    EVENTS,
    FREE_SLOTS,
    HOME_LEG,
    L_NODE,
    L_PUMP,
    L_WIDTH,
    LEAVE,
    LOSE_PATIENCE,
    NEXT_DRIVER,
    NEXT_STEP,
    NOW,
    OFFERS,
    POP_AT,
    POP_KIND,
    POP_TOKEN,
    POP_WHO,
    PUMP,
    SET_OUT,
    T_BAY,
    T_BELIEVED,
    T_DEST,
    T_EDGE,
    T_FAILURES,
    T_GUIDED,
    T_HEEDS,
    T_LAST,
    T_LOCAL,
    T_MISLED,
    T_NODE,
    T_ORIGIN,
    T_SECTION,
    T_STATE,
    T_TARGET,
    T_TOKEN,
    T_TRIED,
    T_WAITS,
    T_WATCHED,
    T_WIDTH,
    TOKEN,
    U_AT,
    U_FEET,
    U_FIRST,
    U_LEAVES,
    U_METRES,
    U_PATIENCE,
    U_PURSE,
    U_STAY,
    U_WHIM,
    U_WIDTH,
    UNDER_WAY,
    UNHEARD,
    V_AT,
    V_FEET,
    V_PATIENCE,
    V_PURSE,
    V_STAY,
    V_WHIM,
    V_WIDTH,
    WATCHES,
    State,
)
from sim.core.heap import next_at, pop, push
from sim.core.laws import STEP_S
from sim.core.log import free_slot
from sim.core.park import arrive, has_room, is_open, leave_bay, lose_patience, pump, take_bay
from sim.core.traffic import step_traffic
from sim.core.ways import home_edge


@law
def advance(state: State, until: float, heap_room: int) -> bool:
    """Let everything happen up to and including `until`; False when the heap wants more room before it can go on."""
    while state.i[NEXT_STEP] <= until:
        if not _events(state, float(state.i[NEXT_STEP]), heap_room):
            return False
        state.f[NOW] = float(state.i[NEXT_STEP])
        step_traffic(state, state.i[NEXT_STEP])
        state.i[NEXT_STEP] += STEP_S
    if not _events(state, until, heap_room):
        return False
    state.f[NOW] = until
    return True


@law
def _events(state: State, until: float, heap_room: int) -> bool:
    while True:
        sets_out = 1e300
        if state.i[NEXT_DRIVER] < state.i[DRIVERS]:
            sets_out = state.v[state.i[NEXT_DRIVER] * V_WIDTH + V_AT]
        happens = next_at(state)
        if min(sets_out, happens) > until:
            return True
        if state.i[EVENTS] + 4 > heap_room:
            return False
        if sets_out <= happens:
            state.f[NOW] = sets_out
            _set_out(state)
        else:
            pop(state)
            state.f[NOW] = state.f[POP_AT]
            _happen(state, state.i[POP_KIND], state.i[POP_WHO], state.i[POP_TOKEN])


@law
def _happen(state: State, kind: int, who: int, token: int) -> None:
    if kind == PUMP:
        state.lots[who * L_WIDTH + L_PUMP] = 0
        pump(state, who)
        return
    if state.t[who * T_WIDTH + T_TOKEN] != token:
        return
    if kind == END_LEG:
        _end_leg(state, who)
    elif kind == LOSE_PATIENCE:
        lose_patience(state, who)
    elif kind == LEAVE:
        _leave(state, who)
    else:
        _drive_home(state, who)


@law
def _set_out(state: State) -> None:
    who = board(state, state.i[NEXT_DRIVER])
    state.i[NEXT_DRIVER] += 1
    state.i[SET_OUT] += 1
    state.i[UNDER_WAY] += 1
    head_for(state, who)


@inlined
def board(state: State, nth: int) -> int:
    """The hour's n-th driver becomes a trip; returns its slot."""
    state.i[FREE_SLOTS] -= 1
    who = state.free[state.i[FREE_SLOTS]]
    state.i[TOKEN] += 1
    _write_whole(state, who * T_WIDTH, nth * D_WIDTH)
    _write_numbers(state, who * U_WIDTH, nth * V_WIDTH)
    return who


@inlined
def _write_whole(state: State, t: int, d: int) -> None:
    state.t[t + T_TOKEN] = state.i[TOKEN]
    state.t[t + T_ORIGIN] = state.d[d + D_ORIGIN]
    state.t[t + T_NODE] = state.d[d + D_ORIGIN]
    state.t[t + T_DEST] = state.d[d + D_DEST]
    state.t[t + T_HEEDS] = state.d[d + D_HEEDS]
    state.t[t + T_LOCAL] = state.d[d + D_LOCAL]
    state.t[t + T_TARGET] = state.t[t + T_EDGE] = state.t[t + T_BAY] = -1
    state.t[t + T_SECTION] = state.t[t + T_LAST] = -1
    state.t[t + T_TRIED] = state.t[t + T_FAILURES] = state.t[t + T_WAITS] = 0
    state.t[t + T_GUIDED] = state.t[t + T_MISLED] = 0
    state.t[t + T_WATCHED] = state.i[WATCHES]
    state.t[t + T_STATE] = 1
    for offer in range(OFFERS):
        state.t[t + T_BELIEVED + offer] = UNHEARD


@inlined
def _write_numbers(state: State, u: int, v: int) -> None:
    state.u[u + U_AT] = state.v[v + V_AT]
    state.u[u + U_STAY] = state.v[v + V_STAY]
    state.u[u + U_PATIENCE] = state.v[v + V_PATIENCE]
    state.u[u + U_FEET] = state.v[v + V_FEET]
    state.u[u + U_PURSE] = state.v[v + V_PURSE]
    state.u[u + U_METRES] = 0.0
    state.u[u + U_FIRST] = -1.0
    for offer in range(OFFERS):
        state.u[u + U_WHIM + offer] = state.v[v + V_WHIM + offer]


@law
def _end_leg(state: State, who: int) -> None:
    t = who * T_WIDTH
    off_the_section(state, who)
    edge = state.t[t + T_EDGE] * E_WIDTH
    if state.t[t + T_NODE] == state.lots[state.t[t + T_TARGET] * L_WIDTH + L_NODE]:
        arrive(state, who)
    elif state.e[edge + E_AFTER] < state.e[edge + E_AFTER_END] and reads(
        state, who, state.e[edge + E_AFTER], state.e[edge + E_AFTER_END]
    ):
        head_for(state, who)
    else:
        begin_leg(state, who)


@law
def _leave(state: State, who: int) -> None:
    t = who * T_WIDTH
    lot = state.t[t + T_TARGET]
    leave_bay(state, who, lot)
    pump(state, lot)
    state.t[t + T_STATE] = 3
    state.t[t + T_NODE] = state.lots[lot * L_WIDTH + L_NODE]
    _drive_home(state, who)


@law
def _drive_home(state: State, who: int) -> None:
    """Pass the watched sections on the way out; the rest of the way nobody sees."""
    off_the_section(state, who)
    t = who * T_WIDTH
    while True:
        edge = home_edge(state, state.t[t + T_NODE], state.t[t + T_ORIGIN])
        if edge < 0:
            free_slot(state, who)
            return
        state.t[t + T_NODE] = state.e[edge * E_WIDTH + E_TO]
        if state.e[edge * E_WIDTH + E_SECTION] >= 0:
            push(state, state.f[NOW] + drive_s(state, who, edge, 0.0), HOME_LEG, who, state.t[t + T_TOKEN])
            return


@law
def settle(state: State, nth: int, begins: float) -> bool:
    """Park the hour's n-th driver, who came before the run began and is still here, at their favourite with room."""
    who = board(state, nth)
    t, u = who * T_WIDTH, who * U_WIDTH
    while True:
        offer = pick(state, who)
        if offer < 0:
            free_slot(state, who)
            return False
        lot = lot_of(state, who, offer)
        if has_room(state, lot) and is_open(state, lot, state.u[u + U_AT]):
            break
        state.t[t + T_TRIED] |= 1 << offer
        state.t[t + T_FAILURES] += 1
    state.t[t + T_TARGET], state.t[t + T_NODE] = lot, state.lots[lot * L_WIDTH + L_NODE]
    take_bay(state, who, lot)
    state.u[u + U_LEAVES] = max(begins, state.u[u + U_AT] + state.u[u + U_STAY])
    push(state, state.u[u + U_LEAVES], LEAVE, who, state.t[t + T_TOKEN])
    return True


@law
def settle_all(state: State, begins: float) -> None:
    """Park everybody of the loaded hour who is still here when the run begins."""
    for nth in range(state.i[DRIVERS]):
        settle(state, nth, begins)
