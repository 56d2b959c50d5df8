"""How far a lot's number may be trusted, and why; and which of its devices is to blame."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parking.domain.device import DeviceKind
from parking.domain.ids import DeviceId, LotId
from parking.domain.occupancy import QUALITIES, Quality
from sensors.estimate_alive import Life
from sensors.estimate_doubt import Doubt, Doubts
from sensors.estimate_state import LotColumns

F64 = NDArray[np.float64]
I8 = NDArray[np.int8]

JUDGED: Final = (
    ("", Quality.LIVE),
    ("one_source_silent", Quality.DEGRADED),
    ("restarted", Quality.DEGRADED),
    ("count_stuck", Quality.DEGRADED),
    ("gate_stuck", Quality.DEGRADED),
    ("camera_stuck", Quality.DEGRADED),
    ("all_equal", Quality.DEGRADED),
    ("jumping", Quality.DEGRADED),
    ("wide", Quality.DEGRADED),
    ("wide", Quality.UNKNOWN),
    ("blocked", Quality.UNKNOWN),
    ("silent", Quality.STALE),
    ("never_counted", Quality.UNKNOWN),
)
"""Codes of the text catalogues with the quality that goes with each, in the order in which the later outweighs."""
REASONS: Final = tuple(reason for reason, _ in JUDGED)
QUALITY_OF: Final[I8] = np.array([QUALITIES.index(quality) for _, quality in JUDGED], dtype=np.int8)
ONE_SILENT, RESTARTED, COUNT_STUCK, GATE_STUCK, CAMERA_STUCK, ALL_EQUAL, JUMPING = range(1, 8)
WIDE, TOO_WIDE, BLOCKED, SILENT, NEVER_COUNTED = range(8, 13)

CODE_OF: Final = {
    Doubt.COUNT_STUCK: COUNT_STUCK,
    Doubt.GATE_STUCK: GATE_STUCK,
    Doubt.CAMERA_STUCK: CAMERA_STUCK,
    Doubt.ALL_EQUAL: ALL_EQUAL,
}

AT_FAULT: Final = {
    Doubt.GATE_STUCK: DeviceKind.GATE,
    Doubt.COUNT_STUCK: DeviceKind.BARRIER_SYSTEM,
    Doubt.CAMERA_STUCK: DeviceKind.CAMERA,
}
"""Which of a lot's devices it is."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A device that speaks, and tells what cannot be true."""

    device: DeviceId
    since: datetime
    lot: LotId | None
    reason: str
    """`gate_stuck`, `count_stuck`, `camera_stuck` or `clock`."""


def judge(now_s: float, life: Life, columns: LotColumns, doubts: Doubts, sd: F64) -> I8:
    """The code of each lot, an index into JUDGED; of several the gravest."""
    codes: I8 = (life.worst_until < now_s).view(np.int8).copy()
    codes[doubts.restarted(now_s)] = RESTARTED
    for doubt, code in CODE_OF.items():
        codes[doubts.doubt == doubt] = code
    codes[columns.odd_times > 1] = JUMPING
    codes[sd > columns.degraded_sd] = WIDE
    codes[sd > columns.unknown_sd] = TOO_WIDE
    codes[doubts.doubt == Doubt.BLOCKED] = BLOCKED
    codes[life.best_until < now_s] = SILENT
    codes[~columns.anchored] = NEVER_COUNTED
    return codes
