"""Where what stands in the flat arrays: fields lie side by side, so field X of thing i is at i × WIDTH + X."""

from collections.abc import MutableSequence
from typing import Final, NamedTuple

Floats = MutableSequence[float]
Ints = MutableSequence[int]

OFFERS: Final = 8
"""Lots a driver may weigh at once; more are never in reach of one destination."""
MANY: Final = 1_000_000
"""Free bays where a sign gives no number for a lot of its own."""
UNHEARD: Final = -1
"""Nothing was said of a lot yet."""
ELSEWHERE: Final = -2
"""Section of a piece of way that is driven elsewhere: whoever drives it says when it ends."""

# Texts of lamps, as the law reads them; a number is itself.
LAMP_NEUTRAL: Final = -2
LAMP_FULL: Final = 0

# What may happen to whom.
END_LEG: Final = 1
LOSE_PATIENCE: Final = 2
PUMP: Final = 3
LEAVE: Final = 4
HOME_LEG: Final = 5

# The run as a whole: whole numbers …
SEQ: Final = 0
HEAP: Final = 1
POP_KIND: Final = 2
POP_WHO: Final = 3
POP_TOKEN: Final = 4
NEXT_DRIVER: Final = 5
DRIVERS: Final = 6
FREE_SLOTS: Final = 7
TOKEN: Final = 8
WATCHES: Final = 9
"""Whether who sets out now is written down when they have settled."""
LOGGED: Final = 10
NEXT_STEP: Final = 11
UNDER_WAY: Final = 12
SET_OUT: Final = 13
PARKED: Final = 14
GAVE_UP: Final = 15
TURNED_AWAY: Final = 16
HOUR_BEGINS: Final = 17
LOCAL_OFFSET: Final = 18
"""Seconds that the town's clock is ahead of UTC."""
OFF_ROAD: Final = 19
"""Cars that found no way any more, so many times."""
EVENTS: Final = 20
"""Everything that will happen, wherever it waits."""
POOL_FREE: Final = 21
"""An event's place that nobody uses, or -1 …"""
POOL_USED: Final = 22
"""… and how many places were ever used."""
SPOKE: Final = 23
"""Half minutes since 1970 up to which events are in the heap."""
I_WIDTH: Final = 24

# … and numbers.
NOW: Final = 0
POP_AT: Final = 1
F_WIDTH: Final = 2

# A trip.
T_TOKEN: Final = 0
T_ORIGIN: Final = 1
"""Node of the portal."""
T_DEST: Final = 2
T_HEEDS: Final = 3
T_LOCAL: Final = 4
T_NODE: Final = 5
T_TARGET: Final = 6
T_EDGE: Final = 7
T_TRIED: Final = 8
"""Bits, by the destination's offer."""
T_FAILURES: Final = 9
T_WAITS: Final = 10
T_BAY: Final = 11
T_SECTION: Final = 12
T_NEXT: Final = 13
T_BEFORE: Final = 14
"""Neighbours in the queue; -1 for none."""
T_GUIDED: Final = 15
T_MISLED: Final = 16
T_WATCHED: Final = 17
T_LAST: Final = 18
"""The last lot they were turned away from."""
T_STATE: Final = 19
"""0 nobody, 1 looking, 2 parked, 3 on the way home."""
T_BELIEVED: Final = 20
T_WIDTH: Final = T_BELIEVED + OFFERS

U_AT: Final = 0
U_STAY: Final = 1
U_PATIENCE: Final = 2
U_FEET: Final = 3
U_PURSE: Final = 4
U_LEG_ENDS: Final = 5
U_METRES: Final = 6
U_FIRST: Final = 7
U_LEAVES: Final = 8
U_WHIM: Final = 9
U_WIDTH: Final = U_WHIM + OFFERS

# A driver of the hour, before they are a trip.
D_ORIGIN: Final = 0
D_DEST: Final = 1
D_HEEDS: Final = 2
D_LOCAL: Final = 3
D_WIDTH: Final = 4
V_AT: Final = 0
V_STAY: Final = 1
V_PATIENCE: Final = 2
V_FEET: Final = 3
V_PURSE: Final = 4
V_WHIM: Final = 5
V_WIDTH: Final = V_WHIM + OFFERS

# A lot.
L_CAPACITY: Final = 0
L_TAKEN: Final = 1
L_ENTERED: Final = 2
L_LEFT: Final = 3
L_WAITING: Final = 4
L_HEAD: Final = 5
L_TAIL: Final = 6
L_SHUT: Final = 7
L_BAYS: Final = 8
"""Where its bays begin."""
L_OPENS: Final = 9
L_CLOSES: Final = 10
"""Seconds of the local day; equal for a lot that is always open."""
L_ROOM: Final = 11
"""Cars the access road holds."""
L_SECTION: Final = 12
L_PUMP: Final = 13
"""Whether the gate will be looked at."""
L_NODE: Final = 14
L_ZONE_TARGET: Final = 15
L_WIDTH: Final = 16
M_GATE_S: Final = 0
M_GATE_FREE: Final = 1
M_GUARDED: Final = 2
"""Until when an officer lets nobody wait on the carriageway."""
M_USUAL: Final = 3
"""How full it usually is at this hour of such a day, 0..1."""
M_WIDTH: Final = 4

# A section.
S_OURS: Final = 0
S_LANES: Final = 1
S_CLOSED: Final = 2
S_WIDTH: Final = 3
R_LENGTH: Final = 0
R_FREE: Final = 1
R_OTHERS: Final = 2
R_PASSED: Final = 3
R_QUEUE_M: Final = 4
R_SPEED: Final = 5
R_LOST: Final = 6
"""Share of what it carries that is lost."""
R_WIDTH: Final = 7

# A piece of a way.
E_TO: Final = 0
E_SECTION: Final = 1
E_BEFORE: Final = 2
E_BEFORE_END: Final = 3
E_AFTER: Final = 4
E_AFTER_END: Final = 5
E_WIDTH: Final = 6
G_PART: Final = 0
G_EXTRA: Final = 1
G_METRES: Final = 2
G_WIDTH: Final = 3

# A zone: its part of the tables of ways.
Z_TABLE: Final = 0
Z_NODES: Final = 1
Z_FIRST_NODE: Final = 2
Z_FIRST_TARGET: Final = 3
"""Node of its first target: portals and then lots are its last nodes."""
Z_WIDTH: Final = 4

# A destination's offer.
O_AFOOT: Final = 0
O_YUAN: Final = 1
O_CLIMB: Final = 2
O_WIDTH: Final = 3

# What became of a driver.
K_LOT: Final = 0
K_ORIGIN: Final = 1
K_DEST: Final = 2
K_FAILURES: Final = 3
K_GUIDED: Final = 4
K_MISLED: Final = 5
K_TOKEN: Final = 6
K_WIDTH: Final = 7
Q_AT: Final = 0
Q_SETTLED: Final = 1
Q_FIRST: Final = 2
Q_METRES: Final = 3
Q_WIDTH: Final = 4


class State(NamedTuple):
    """Everything the law moves or looks up. Lists or numpy arrays, by `compiled`."""

    i: Ints
    f: Floats
    t: Ints
    u: Floats
    """Trips."""
    free: Ints
    """Slots of trips that nobody has."""
    d: Ints
    v: Floats
    """Drivers of the hour, in the order of their times."""
    lots: Ints
    m: Floats
    bay_taken: Ints
    bay_free: Ints
    s: Ints
    r: Floats
    come: Ints
    """Other vehicles that enter each section, a row of steps an hour."""
    e: Ints
    g: Floats
    node_zone: Ints
    z: Ints
    hop: Ints
    """Next piece of the way, by zone, target and node; -1 for none."""
    secs: Floats
    """Free-flow seconds from there."""
    offer_lot: Ints
    offer: Floats
    edge_signs: Ints
    sign_panels: Ints
    panel_lots: Ints
    """Where a panel's lots begin in `shown_lots`."""
    shown_lots: Ints
    lamp: Ints
    pool_at: Floats
    pool: Ints
    """Events of a compiled law: when, and what."""
    heap: Ints
    wheel: Ints
    events: "list[tuple[float, int, int, int, int]]"
    """The heap of a law that is not compiled."""
    k: Ints
    q: Floats
    """What became of those who were watched."""
