"""What became of drivers who are watched, and slots of trips for the next ones."""

from sim.core.compiled import inlined
from sim.core.fields import (
    FREE_SLOTS,
    K_DEST,
    K_FAILURES,
    K_GUIDED,
    K_LOT,
    K_MISLED,
    K_ORIGIN,
    K_TOKEN,
    K_WIDTH,
    LOGGED,
    NOW,
    Q_AT,
    Q_FIRST,
    Q_METRES,
    Q_SETTLED,
    Q_WIDTH,
    T_DEST,
    T_FAILURES,
    T_GUIDED,
    T_LAST,
    T_MISLED,
    T_ORIGIN,
    T_STATE,
    T_TOKEN,
    T_WATCHED,
    T_WIDTH,
    U_AT,
    U_FIRST,
    U_METRES,
    U_WIDTH,
    State,
)


@inlined
def note(state: State, who: int, lot: int) -> None:
    """Write down that this driver has a bay in that lot, or has given up (-1, kept as the last lot tried)."""
    t, u = who * T_WIDTH, who * U_WIDTH
    if not state.t[t + T_WATCHED]:
        return
    k, q = state.i[LOGGED] * K_WIDTH, state.i[LOGGED] * Q_WIDTH
    state.i[LOGGED] += 1
    state.k[k + K_LOT] = lot if lot >= 0 else -2 - state.t[t + T_LAST]
    state.k[k + K_ORIGIN] = state.t[t + T_ORIGIN]
    state.k[k + K_DEST] = state.t[t + T_DEST]
    state.k[k + K_FAILURES] = state.t[t + T_FAILURES]
    state.k[k + K_GUIDED] = state.t[t + T_GUIDED]
    state.k[k + K_MISLED] = state.t[t + T_MISLED]
    state.k[k + K_TOKEN] = state.t[t + T_TOKEN]
    state.q[q + Q_AT] = state.u[u + U_AT]
    state.q[q + Q_SETTLED] = state.f[NOW]
    state.q[q + Q_FIRST] = state.u[u + U_FIRST]
    state.q[q + Q_METRES] = state.u[u + U_METRES]


@inlined
def free_slot(state: State, who: int) -> None:
    """The driver has left town; somebody else may have the slot."""
    state.t[who * T_WIDTH + T_STATE] = 0
    state.t[who * T_WIDTH + T_TOKEN] = 0
    state.free[state.i[FREE_SLOTS]] = who
    state.i[FREE_SLOTS] += 1
