"""What happens next: events of (time, number, kind, who, token). Numbers grow, so no two events are ever equal.

A compiled law keeps those of the next half minute in a heap and the others in a wheel of half minutes, where nothing
is sorted: most events of a city are cars that leave in hours, and a heap of them all would not fit a processor's cache.
"""

import heapq
from typing import Final

from sim.core.compiled import IS_COMPILED, inlined, law
from sim.core.fields import EVENTS, HEAP, POOL_FREE, POOL_USED, POP_AT, POP_KIND, POP_TOKEN, POP_WHO, SEQ, SPOKE, State

P_SEQ: Final = 0
P_KIND: Final = 1
P_WHO: Final = 2
P_TOKEN: Final = 3
P_NEXT: Final = 4
POOL_WIDTH: Final = 5
SPOKE_S: Final = 30
SPOKES: Final = 2880
"""A day of half minutes; the last list of the wheel is for what lies beyond."""


def _push_listed(state: State, at: float, kind: int, who: int, token: int) -> None:
    state.i[SEQ] += 1
    state.i[EVENTS] += 1
    heapq.heappush(state.events, (at, state.i[SEQ], kind, who, token))


def _pop_listed(state: State) -> None:
    state.i[EVENTS] -= 1
    state.f[POP_AT], _, state.i[POP_KIND], state.i[POP_WHO], state.i[POP_TOKEN] = heapq.heappop(state.events)


def _next_listed(state: State) -> float:
    return state.events[0][0] if state.events else 1e300


@inlined
def _push_flat(state: State, at: float, kind: int, who: int, token: int) -> None:
    event = state.i[POOL_FREE]
    if event >= 0:
        state.i[POOL_FREE] = state.pool[event * POOL_WIDTH + P_NEXT]
    else:
        event = state.i[POOL_USED]
        state.i[POOL_USED] += 1
    row = event * POOL_WIDTH
    state.i[SEQ] += 1
    state.i[EVENTS] += 1
    state.pool_at[event] = at
    state.pool[row + P_SEQ] = state.i[SEQ]
    state.pool[row + P_KIND] = kind
    state.pool[row + P_WHO] = who
    state.pool[row + P_TOKEN] = token
    _put(state, event)


@inlined
def _put(state: State, event: int) -> None:
    """Into the heap when it is soon, else into its half minute's list."""
    spoke = int(state.pool_at[event]) // SPOKE_S
    ahead = spoke - state.i[SPOKE]
    if ahead <= 0:
        _rise(state, event)
        return
    place = spoke % SPOKES if ahead < SPOKES else SPOKES
    state.pool[event * POOL_WIDTH + P_NEXT] = state.wheel[place]
    state.wheel[place] = event


@law
def _turn(state: State) -> None:
    """One half minute on: what is in its list is soon now."""
    state.i[SPOKE] += 1
    place = state.i[SPOKE] % SPOKES
    _empty(state, place)
    if place == 0:
        _empty(state, SPOKES)


@law
def _empty(state: State, place: int) -> None:
    event = state.wheel[place]
    state.wheel[place] = -1
    while event >= 0:
        following = state.pool[event * POOL_WIDTH + P_NEXT]
        _put(state, event)
        event = following


@inlined
def _is_sooner(state: State, a: int, b: int) -> bool:
    if state.pool_at[a] != state.pool_at[b]:
        return state.pool_at[a] < state.pool_at[b]
    return state.pool[a * POOL_WIDTH + P_SEQ] < state.pool[b * POOL_WIDTH + P_SEQ]


@inlined
def _rise(state: State, event: int) -> None:
    here = state.i[HEAP]
    state.i[HEAP] += 1
    while here > 0:
        above = (here - 1) // 2
        if not _is_sooner(state, event, state.heap[above]):
            break
        state.heap[here] = state.heap[above]
        here = above
    state.heap[here] = event


@inlined
def _pop_flat(state: State) -> None:
    event = state.heap[0]
    row = event * POOL_WIDTH
    state.f[POP_AT] = state.pool_at[event]
    state.i[POP_KIND] = state.pool[row + P_KIND]
    state.i[POP_WHO] = state.pool[row + P_WHO]
    state.i[POP_TOKEN] = state.pool[row + P_TOKEN]
    state.pool[row + P_NEXT] = state.i[POOL_FREE]
    state.i[POOL_FREE] = event
    state.i[EVENTS] -= 1
    state.i[HEAP] -= 1
    if state.i[HEAP] > 0:
        _sink(state, state.heap[state.i[HEAP]], state.i[HEAP])


@inlined
def _sink(state: State, event: int, size: int) -> None:
    """Put the last event where it belongs below the top."""
    here = 0
    while True:
        below = 2 * here + 1
        if below >= size:
            break
        if below + 1 < size and _is_sooner(state, state.heap[below + 1], state.heap[below]):
            below += 1
        if not _is_sooner(state, state.heap[below], event):
            break
        state.heap[here] = state.heap[below]
        here = below
    state.heap[here] = event


@inlined
def _next_flat(state: State) -> float:
    while state.i[HEAP] == 0:
        if state.i[EVENTS] == 0:
            return 1e300
        _turn(state)
    return state.pool_at[state.heap[0]]


push = _push_flat if IS_COMPILED else _push_listed
"""Let something of that kind happen to somebody at that time."""
pop = _pop_flat if IS_COMPILED else _pop_listed
"""Take out what happens next, into POP_AT, POP_KIND, POP_WHO and POP_TOKEN."""
next_at = _next_flat if IS_COMPILED else _next_listed
"""When something happens next; 1e300 when nothing will."""
