"""What became of drivers: whoever set out while somebody watched, as columns."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.core.fields import (
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
    T_TARGET,
    T_TOKEN,
    T_WATCHED,
    T_WIDTH,
    U_AT,
    U_FIRST,
    U_METRES,
    U_WIDTH,
    State,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LOOKING = 1


class Trips(NamedTuple):
    """Columns of shape (n,), in the order in which they set out."""

    token: Ints
    """Number in the order of setting out, from the beginning of the street on."""
    at: Floats
    """When they set out, seconds since 1970."""
    origin: Ints
    """Node of the portal."""
    destination: Ints
    lot: Ints
    """Where they have a bay; -1 for who gave up or still looks."""
    last_lot: Ints
    """The lot they came to last, or head for; -1 for none."""
    settled_at: Floats
    """When they had a bay or gave up; NaN for who still looks."""
    first_at: Floats
    """When they came to the first lot's entrance; NaN for who has not."""
    metres: Floats
    """Driven since setting out, until parked or given up."""
    failures: Ints
    """Lots that were full or closed when they came."""
    guided: Ints
    """Times they came to a lot where a panel of its own had promised them room …"""
    misled: Ints
    """… and no bay was left for them."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of everybody. set_out = parked + gave_up + under way and waiting, at any instant."""

    set_out: int = 0
    parked: int = 0
    gave_up: int = 0
    turned_away: int = 0
    """Times a car came to a lot and did not get in."""


def trips_of(state: State) -> Trips:
    """Everybody who set out while somebody watched, with those who still look."""
    settled, looking = _settled(state), _looking(state)
    trips = Trips._make(np.concatenate(pair) for pair in zip(settled, looking, strict=True))
    order = np.argsort(trips.token, kind="stable")
    return Trips._make(column[order] for column in trips)


def _settled(state: State) -> Trips:
    count = int(state.i[LOGGED])
    k = np.array(state.k[: count * K_WIDTH], dtype=np.int64).reshape(count, K_WIDTH)
    q = np.array(state.q[: count * Q_WIDTH], dtype=np.float64).reshape(count, Q_WIDTH)
    code = k[:, K_LOT]
    first = q[:, Q_FIRST]
    return Trips(
        token=k[:, K_TOKEN],
        at=q[:, Q_AT],
        origin=k[:, K_ORIGIN],
        destination=k[:, K_DEST],
        lot=np.where(code >= 0, code, -1),
        last_lot=np.where(code >= 0, code, -2 - code),
        settled_at=q[:, Q_SETTLED],
        first_at=np.where(first < 0, np.nan, first),
        metres=q[:, Q_METRES],
        failures=k[:, K_FAILURES],
        guided=k[:, K_GUIDED],
        misled=k[:, K_MISLED],
    )


def _looking(state: State) -> Trips:
    t = np.array(state.t, dtype=np.int64).reshape(-1, T_WIDTH)
    u = np.array(state.u, dtype=np.float64).reshape(-1, U_WIDTH)
    which = (t[:, T_STATE] == LOOKING) & (t[:, T_WATCHED] > 0) & (u[:, U_AT] <= state.f[NOW])
    t, u = t[which], u[which]
    first, last = u[:, U_FIRST], t[:, T_LAST]
    return Trips(
        token=t[:, T_TOKEN],
        at=u[:, U_AT],
        origin=t[:, T_ORIGIN],
        destination=t[:, T_DEST],
        lot=np.full(len(t), -1, dtype=np.int64),
        last_lot=np.where(last >= 0, last, t[:, T_TARGET]),
        settled_at=np.full(len(t), np.nan),
        first_at=np.where(first < 0, np.nan, first),
        metres=u[:, U_METRES],
        failures=t[:, T_FAILURES],
        guided=t[:, T_GUIDED],
        misled=t[:, T_MISLED],
    )
