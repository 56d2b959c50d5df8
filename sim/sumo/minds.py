"""Drivers' minds: the one place that asks the street's law what they do at a sign, at an entrance, without a way."""

from typing import Final, NamedTuple

import numpy as np

from sim.core.choice import pick
from sim.core.drive import give_up, head_for, reads
from sim.core.fields import (
    EVENTS,
    T_NODE,
    T_ORIGIN,
    T_STATE,
    T_TARGET,
    T_TOKEN,
    T_WAITS,
    T_WIDTH,
    U_METRES,
    U_WIDTH,
    State,
)
from sim.core.park import arrive
from sim.ledger import Ledger

NOBODY: Final = 0
LOOKING: Final = 1
INSIDE: Final = 2
MOST_EVENTS: Final = 16
"""More than one step of the law ever adds."""


Fields = tuple[int, ...]


class Row(NamedTuple):
    """A driver as the law knows them."""

    token: int
    state: int
    target: int
    """The lot they head for, wait at, or stand in."""
    waits: int
    origin: int
    """Node of the portal they came from."""


class Minds:
    """All drivers of one street."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def rows(self) -> list[Fields]:
        """Everybody, by their slot: the fields of a Row, cheap enough to be compared each second."""
        t = self._ledger.state.t
        columns = (_listed(t[field::T_WIDTH]) for field in (T_TOKEN, T_STATE, T_TARGET, T_WAITS, T_ORIGIN))
        return list(zip(*columns, strict=True))

    def tell_metres(self, who: int, metres: float) -> None:
        """How far they have driven since setting out."""
        self._ledger.state.u[who * U_WIDTH + U_METRES] = metres

    def arrive(self, who: int) -> None:
        """They are at the entrance of the lot they head for: in, into the queue, or on to another one."""
        arrive(self._state(), who)

    def read(self, who: int, sign: int, node: int) -> None:
        """They pass a sign, and pick again when they heed it."""
        state = self._state()
        if reads(state, who, sign, sign + 1):
            state.t[who * T_WIDTH + T_NODE] = node
            if pick(state, who) >= 0:
                head_for(state, who)

    def lose_way(self, who: int, node: int) -> None:
        """There is no way to their lot any more: they pick again from that node, or leave town."""
        state = self._state()
        before = state.t[who * T_WIDTH + T_TARGET]
        state.t[who * T_WIDTH + T_NODE] = node
        head_for(state, who)
        if state.t[who * T_WIDTH + T_STATE] == LOOKING and state.t[who * T_WIDTH + T_TARGET] == before:
            give_up(state, who)

    def _state(self) -> State:
        if self._ledger.state.i[EVENTS] + MOST_EVENTS > self._ledger.heap_room:
            self._ledger.make_room(0)
        return self._ledger.state


def _listed(column: object) -> list[int]:
    """A compiled law has arrays, of which a list is made at once; the other one has lists."""
    return column.tolist() if isinstance(column, np.ndarray) else column  # type: ignore[return-value]  # Ints is one of both
