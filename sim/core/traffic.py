"""Sections as they really flow: speed falls with density, and behind an entrance queue on the carriageway all creep.

Speed law of Greenshields, v = vf · (1 - k / k_jam), over the part of the section that is not queue, but never so slow
that a jam lets out less than its head discharges; the queue part is passed at walking pace. Other traffic is a fluid
that enters as a Poisson stream; our cars count one by one. What stands on the section by accident takes away its share
of the lanes.
"""

from sim.core.compiled import inlined, law
from sim.core.fields import (
    HOUR_BEGINS,
    L_ROOM,
    L_SECTION,
    L_WAITING,
    L_WIDTH,
    R_FREE,
    R_LENGTH,
    R_LOST,
    R_OTHERS,
    R_PASSED,
    R_QUEUE_M,
    R_SPEED,
    R_WIDTH,
    S_CLOSED,
    S_LANES,
    S_OURS,
    S_WIDTH,
    State,
)
from sim.core.laws import (
    CREEP_KMH,
    DISCHARGE_SHARE,
    GAPING_SHARE,
    JAM_PER_KM,
    LEAST_LANES_SHARE,
    METRES_A_CAR,
    REFUSED_SHARE,
    STEP_S,
)

STEPS_AN_HOUR = 3600 // STEP_S


@law
def step_traffic(state: State, at: int) -> None:
    """Move all sections on by STEP_S to `at`."""
    _measure_queues(state)
    nth = (at - state.i[HOUR_BEGINS]) // STEP_S
    for section in range(len(state.s) // S_WIDTH):
        coming = state.come[section * STEPS_AN_HOUR + nth] if 0 <= nth < STEPS_AN_HOUR else 0
        _step_one(state, section, coming)


@inlined
def _measure_queues(state: State) -> None:
    for section in range(len(state.s) // S_WIDTH):
        state.r[section * R_WIDTH + R_QUEUE_M] = 0.0
    for lot in range(len(state.lots) // L_WIDTH):
        row = lot * L_WIDTH
        beyond = state.lots[row + L_WAITING] - state.lots[row + L_ROOM]
        if beyond > 0:
            state.r[state.lots[row + L_SECTION] * R_WIDTH + R_QUEUE_M] += beyond * METRES_A_CAR


@inlined
def _step_one(state: State, section: int, coming: int) -> None:
    r, s = section * R_WIDTH, section * S_WIDTH
    length, free, lost = state.r[r + R_LENGTH], state.r[r + R_FREE], state.r[r + R_LOST]
    others, ours = state.r[r + R_OTHERS], state.s[s + S_OURS]
    lanes = state.s[s + S_LANES] * max(LEAST_LANES_SHARE, 1 - lost)
    km_lanes = length / 1000 * lanes
    moved = others * min(1.0, STEP_S * state.r[r + R_SPEED] / 3.6 / length)
    if state.s[s + S_CLOSED] or (others + ours) / km_lanes > REFUSED_SHARE * JAM_PER_KM:
        coming = 0
    others = others - moved + coming
    state.r[r + R_OTHERS] = others
    state.r[r + R_PASSED] += moved
    queue = min(state.r[r + R_QUEUE_M], length)
    density = (others + ours) / max(km_lanes - queue / 1000, LEAST_LANES_SHARE * km_lanes)
    # By Greenshields the most is carried at half the jam density: a quarter of free speed times jam density.
    share = 1 - density / JAM_PER_KM
    if 2 * density > JAM_PER_KM:
        share = max(share, DISCHARGE_SHARE * JAM_PER_KM / (4 * density))
    moving = free * (1 - GAPING_SHARE * lost) * share
    hours = (length - queue) / moving + queue / min(CREEP_KMH, moving)
    state.r[r + R_QUEUE_M] = queue
    state.r[r + R_SPEED] = length / hours
