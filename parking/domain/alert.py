"""An alert (报警): something on the street that asks a person to act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from parking.domain.ids import AlertId, CaseNo, CellCode
from parking.domain.place import Point


class AlertKind(StrEnum):
    """What is wrong."""

    LOT_FILLING = "lot_filling"
    LOT_QUEUE = "lot_queue"
    JAM = "jam"
    ROAD_CLOSED = "road_closed"
    ILLEGAL_PARKING = "illegal_parking"
    SENSOR_SILENT = "sensor_silent"
    SENSOR_WRONG = "sensor_wrong"
    """It speaks, and what it says cannot be true."""
    SIGN_UNCONFIRMED = "sign_unconfirmed"


DEVICE_KINDS = frozenset({AlertKind.SENSOR_SILENT, AlertKind.SENSOR_WRONG, AlertKind.SIGN_UNCONFIRMED})
"""Faults of equipment: device cases for maintenance, never jams."""


class AlertState(StrEnum):
    """Life of an alert after ISA-18.2."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    """Back to normal, but nobody had acknowledged it."""
    CLEARED = "cleared"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out_of_service"


class Grade(IntEnum):
    """County grade; smaller is graver (I..IV). An alert starts without one and is graded as it lasts."""

    I = 1  # noqa: E741 -- the county's own name for it
    II = 2
    III = 3
    IV = 4


@dataclass(frozen=True, slots=True)
class Alert:
    """One version of one alert. `id` is for ever the key under which nobody files it twice."""

    id: AlertId
    version: int
    kind: AlertKind
    state: AlertState
    grade: Grade | None
    subject: str
    """Id of the lot, section, device or sign it is about."""
    place: Point
    cell: CellCode
    onset_at: datetime
    raised_at: datetime
    updated_at: datetime
    cleared_at: datetime | None
    reason: str
    """A code of the text catalogues; `evidence` holds the numbers of its sentence."""
    evidence: Mapping[str, float]
    acknowledged_by: str = ""
    case_no: CaseNo | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still stands on the board."""
        return self.state not in (AlertState.CLEARED, AlertState.RETURNED)
