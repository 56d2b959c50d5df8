"""At a lot: arriving, waiting, losing patience, being let in, leaving."""

from sim.core.choice import offer_of
from sim.core.compiled import inlined, law
from sim.core.drive import head_for
from sim.core.fields import (
    L_BAYS,
    L_CAPACITY,
    L_CLOSES,
    L_ENTERED,
    L_HEAD,
    L_LEFT,
    L_OPENS,
    L_PUMP,
    L_ROOM,
    L_SHUT,
    L_TAIL,
    L_TAKEN,
    L_WAITING,
    L_WIDTH,
    LEAVE,
    LOCAL_OFFSET,
    LOSE_PATIENCE,
    M_GATE_FREE,
    M_GATE_S,
    M_GUARDED,
    M_WIDTH,
    MANY,
    NOW,
    PARKED,
    PUMP,
    T_BAY,
    T_BEFORE,
    T_BELIEVED,
    T_FAILURES,
    T_GUIDED,
    T_HEEDS,
    T_LAST,
    T_MISLED,
    T_NEXT,
    T_STATE,
    T_TARGET,
    T_TOKEN,
    T_TRIED,
    T_WAITS,
    T_WIDTH,
    TURNED_AWAY,
    U_FIRST,
    U_LEAVES,
    U_PATIENCE,
    U_STAY,
    U_WIDTH,
    UNDER_WAY,
    State,
)
from sim.core.heap import push
from sim.core.laws import SECONDS_A_WAITING_CAR
from sim.core.log import note


@inlined
def is_open(state: State, lot: int, at: float) -> bool:
    """Whether the lot takes cars at that time."""
    row = lot * L_WIDTH
    if state.lots[row + L_SHUT]:
        return False
    opens, closes = state.lots[row + L_OPENS], state.lots[row + L_CLOSES]
    if opens == closes:
        return True
    local = (int(at) + state.i[LOCAL_OFFSET]) % 86400
    if opens < closes:
        return opens <= local < closes
    return local >= opens or local < closes


@inlined
def has_room(state: State, lot: int) -> bool:
    """Whether one more car fits, and may come in."""
    row = lot * L_WIDTH
    return state.lots[row + L_TAKEN] < state.lots[row + L_CAPACITY] and not state.lots[row + L_SHUT]


@law
def arrive(state: State, who: int) -> None:
    """Come to the entrance: in, into the queue, or away."""
    t, u = who * T_WIDTH, who * U_WIDTH
    lot = state.t[t + T_TARGET]
    _note_arrival(state, who, lot)
    now = state.f[NOW]
    if not is_open(state, lot, now) or _is_waved_on(state, lot):
        turn_away(state, who)
        return
    if not has_room(state, lot) and not _is_worth_waiting(state, who, lot):
        turn_away(state, who)
        return
    _join(state, who, lot)
    pump(state, lot)
    if state.t[t + T_WAITS]:
        push(state, now + state.u[u + U_PATIENCE], LOSE_PATIENCE, who, state.t[t + T_TOKEN])


@inlined
def _is_worth_waiting(state: State, who: int, lot: int) -> bool:
    """Nobody waits at a kerb, where whoever comes by takes the next bay; elsewhere by the cars before them."""
    if state.m[lot * M_WIDTH + M_GATE_S] <= 0.0:
        return False
    reckoned_s = (1 + state.lots[lot * L_WIDTH + L_WAITING]) * SECONDS_A_WAITING_CAR
    return reckoned_s <= state.u[who * U_WIDTH + U_PATIENCE]


@inlined
def _is_waved_on(state: State, lot: int) -> bool:
    is_guarded = state.f[NOW] < state.m[lot * M_WIDTH + M_GUARDED]
    return is_guarded and state.lots[lot * L_WIDTH + L_WAITING] >= state.lots[lot * L_WIDTH + L_ROOM]


@inlined
def _note_arrival(state: State, who: int, lot: int) -> None:
    t, u, row = who * T_WIDTH, who * U_WIDTH, lot * L_WIDTH
    if state.u[u + U_FIRST] < 0:
        state.u[u + U_FIRST] = state.f[NOW]
    offer = offer_of(state, who, lot)
    # An area's panel promises room somewhere, not here; its lots are believed to have very many.
    if state.t[t + T_HEEDS] and offer >= 0 and 0 < state.t[t + T_BELIEVED + offer] < MANY:
        state.t[t + T_GUIDED] += 1
        inside = state.lots[row + L_TAKEN] + state.lots[row + L_WAITING]
        if not is_open(state, lot, state.f[NOW]) or inside >= state.lots[row + L_CAPACITY]:
            state.t[t + T_MISLED] += 1


@law
def turn_away(state: State, who: int) -> None:
    """No bay here: remember that, and go on."""
    t = who * T_WIDTH
    lot = state.t[t + T_TARGET]
    state.i[TURNED_AWAY] += 1
    offer = offer_of(state, who, lot)
    if offer >= 0:
        state.t[t + T_TRIED] |= 1 << offer
    state.t[t + T_FAILURES] += 1
    state.t[t + T_LAST] = lot
    head_for(state, who)


@inlined
def _join(state: State, who: int, lot: int) -> None:
    t, row = who * T_WIDTH, lot * L_WIDTH
    last = state.lots[row + L_TAIL]
    state.t[t + T_WAITS] = 1
    state.t[t + T_NEXT] = -1
    state.t[t + T_BEFORE] = last
    if last >= 0:
        state.t[last * T_WIDTH + T_NEXT] = who
    else:
        state.lots[row + L_HEAD] = who
    state.lots[row + L_TAIL] = who
    state.lots[row + L_WAITING] += 1


@inlined
def _step_out(state: State, who: int, lot: int) -> None:
    t, row = who * T_WIDTH, lot * L_WIDTH
    before, behind = state.t[t + T_BEFORE], state.t[t + T_NEXT]
    if before >= 0:
        state.t[before * T_WIDTH + T_NEXT] = behind
    else:
        state.lots[row + L_HEAD] = behind
    if behind >= 0:
        state.t[behind * T_WIDTH + T_BEFORE] = before
    else:
        state.lots[row + L_TAIL] = before
    state.t[t + T_WAITS] = 0
    state.lots[row + L_WAITING] -= 1


@law
def lose_patience(state: State, who: int) -> None:
    """Leave the queue, when still in it."""
    if state.t[who * T_WIDTH + T_WAITS]:
        _step_out(state, who, state.t[who * T_WIDTH + T_TARGET])
        turn_away(state, who)


@law
def clear_carriageway(state: State, lot: int) -> None:
    """An officer sends on whoever stands beyond the access road, the last one first."""
    row = lot * L_WIDTH
    while state.lots[row + L_WAITING] > state.lots[row + L_ROOM]:
        who = state.lots[row + L_TAIL]
        _step_out(state, who, lot)
        turn_away(state, who)


@law
def pump(state: State, lot: int) -> None:
    """Let in who waits, as fast as the gate goes."""
    row, m, now = lot * L_WIDTH, lot * M_WIDTH, state.f[NOW]
    while state.lots[row + L_WAITING] > 0 and has_room(state, lot):
        if state.m[m + M_GATE_FREE] > now:
            if not state.lots[row + L_PUMP]:
                state.lots[row + L_PUMP] = 1
                push(state, state.m[m + M_GATE_FREE], PUMP, lot, 0)
            return
        state.m[m + M_GATE_FREE] = now + state.m[m + M_GATE_S]
        who = state.lots[row + L_HEAD]
        _step_out(state, who, lot)
        let_in(state, who, lot)


@inlined
def let_in(state: State, who: int, lot: int) -> None:
    """A bay is theirs."""
    t, u = who * T_WIDTH, who * U_WIDTH
    take_bay(state, who, lot)
    state.i[PARKED] += 1
    state.i[UNDER_WAY] -= 1
    note(state, who, lot)
    state.u[u + U_LEAVES] = state.f[NOW] + state.u[u + U_STAY]
    push(state, state.u[u + U_LEAVES], LEAVE, who, state.t[t + T_TOKEN])


@inlined
def take_bay(state: State, who: int, lot: int) -> None:
    """Stand in the bay that was left last."""
    row = lot * L_WIDTH
    base, taken = state.lots[row + L_BAYS], state.lots[row + L_TAKEN]
    bay = state.bay_free[base + state.lots[row + L_CAPACITY] - taken - 1]
    state.bay_taken[base + bay] = 1
    state.lots[row + L_TAKEN] = taken + 1
    state.lots[row + L_ENTERED] += 1
    state.t[who * T_WIDTH + T_BAY] = bay
    state.t[who * T_WIDTH + T_STATE] = 2


@inlined
def leave_bay(state: State, who: int, lot: int) -> None:
    """The bay is free again."""
    row = lot * L_WIDTH
    base, bay = state.lots[row + L_BAYS], state.t[who * T_WIDTH + T_BAY]
    state.bay_taken[base + bay] = 0
    state.bay_free[base + state.lots[row + L_CAPACITY] - state.lots[row + L_TAKEN]] = bay
    state.lots[row + L_TAKEN] -= 1
    state.lots[row + L_LEFT] += 1
