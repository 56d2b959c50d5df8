"""Scenes set up on a street by hand: lots filled, queues put there, speeds made up."""

from sim.core.fields import (
    L_CAPACITY,
    L_TAKEN,
    L_WAITING,
    L_WIDTH,
    R_SPEED,
    R_WIDTH,
    T_STATE,
    T_TARGET,
    T_WIDTH,
    U_LEAVES,
    U_WIDTH,
)
from sim.core.ways import INSIDE
from sim.street import Street


def fill_up(street: Street, lot: int, leaving_at: float) -> None:
    """Every bay of that lot is taken, and whoever is inside leaves then and not before."""
    state = street.ledger.state
    state.lots[lot * L_WIDTH + L_TAKEN] = state.lots[lot * L_WIDTH + L_CAPACITY]
    for who in range(len(state.t) // T_WIDTH):
        t = who * T_WIDTH
        if state.t[t + T_STATE] == INSIDE and state.t[t + T_TARGET] == lot:
            state.u[who * U_WIDTH + U_LEAVES] = leaving_at


def line_up(street: Street, lot: int, cars: int) -> None:
    """So many cars more wait in front of that lot."""
    street.ledger.state.lots[lot * L_WIDTH + L_WAITING] += cars


def slow_down(street: Street, section: int, kmh: float) -> None:
    """That section is so slow now."""
    street.ledger.state.r[section * R_WIDTH + R_SPEED] = kmh
