"""What happens next: a heap of (time, number, kind, who, token). Numbers grow, so no two events are ever equal."""

import heapq
from typing import Final

from sim.core.compiled import IS_COMPILED, law
from sim.core.fields import HEAP, POP_AT, POP_KIND, POP_TOKEN, POP_WHO, SEQ, State

WIDTH: Final = 4
"""Number, kind, who, token."""


def _push_listed(state: State, at: float, kind: int, who: int, token: int) -> None:
    state.i[SEQ] += 1
    state.i[HEAP] += 1
    heapq.heappush(state.events, (at, state.i[SEQ], kind, who, token))


def _pop_listed(state: State) -> None:
    state.i[HEAP] -= 1
    state.f[POP_AT], _, state.i[POP_KIND], state.i[POP_WHO], state.i[POP_TOKEN] = heapq.heappop(state.events)


def _next_listed(state: State) -> float:
    return state.events[0][0] if state.events else 1e300


@law
def _is_before(state: State, a: int, b: int) -> bool:
    if state.heap_at[a] != state.heap_at[b]:
        return state.heap_at[a] < state.heap_at[b]
    return state.heap[a * WIDTH] < state.heap[b * WIDTH]


@law
def _swap(state: State, a: int, b: int) -> None:
    state.heap_at[a], state.heap_at[b] = state.heap_at[b], state.heap_at[a]
    for field in range(WIDTH):
        here, there = a * WIDTH + field, b * WIDTH + field
        state.heap[here], state.heap[there] = state.heap[there], state.heap[here]


@law
def _push_flat(state: State, at: float, kind: int, who: int, token: int) -> None:
    state.i[SEQ] += 1
    here = state.i[HEAP]
    state.i[HEAP] += 1
    state.heap_at[here] = at
    state.heap[here * WIDTH] = state.i[SEQ]
    state.heap[here * WIDTH + 1] = kind
    state.heap[here * WIDTH + 2] = who
    state.heap[here * WIDTH + 3] = token
    while here > 0:
        above = (here - 1) // 2
        if not _is_before(state, here, above):
            break
        _swap(state, here, above)
        here = above


@law
def _pop_flat(state: State) -> None:
    state.f[POP_AT] = state.heap_at[0]
    state.i[POP_KIND] = state.heap[1]
    state.i[POP_WHO] = state.heap[2]
    state.i[POP_TOKEN] = state.heap[3]
    state.i[HEAP] -= 1
    last = state.i[HEAP]
    if last > 0:
        _swap(state, 0, last)
        _sink(state, last)


@law
def _sink(state: State, size: int) -> None:
    here = 0
    while True:
        below = 2 * here + 1
        if below >= size:
            return
        if below + 1 < size and _is_before(state, below + 1, below):
            below += 1
        if not _is_before(state, below, here):
            return
        _swap(state, here, below)
        here = below


@law
def _next_flat(state: State) -> float:
    return state.heap_at[0] if state.i[HEAP] > 0 else 1e300


push = _push_flat if IS_COMPILED else _push_listed
"""Let something of that kind happen to somebody at that time."""
pop = _pop_flat if IS_COMPILED else _pop_listed
"""Take out what happens next, into POP_AT, POP_KIND, POP_WHO and POP_TOKEN."""
next_at = _next_flat if IS_COMPILED else _next_listed
"""When something happens next; 1e300 when nothing will."""
