"""The life of an alert after ISA-18.2: which state follows from what is known, and what may follow what."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parking.domain.alert import AlertState

MAY_BECOME: Final[Mapping[AlertState, tuple[AlertState, ...]]] = MappingProxyType(
    {
        AlertState.RAISED: (
            AlertState.ACKNOWLEDGED,
            AlertState.RETURNED,
            AlertState.CLEARED,
            AlertState.SHELVED,
            AlertState.SUPPRESSED,
        ),
        AlertState.ACKNOWLEDGED: (AlertState.CLEARED, AlertState.SHELVED, AlertState.SUPPRESSED),
        AlertState.RETURNED: (AlertState.CLEARED, AlertState.RAISED, AlertState.SUPPRESSED),
        AlertState.CLEARED: (AlertState.RAISED, AlertState.SUPPRESSED),
        AlertState.SHELVED: (
            AlertState.RAISED,
            AlertState.ACKNOWLEDGED,
            AlertState.RETURNED,
            AlertState.CLEARED,
            AlertState.SUPPRESSED,
        ),
        AlertState.SUPPRESSED: (
            AlertState.RAISED,
            AlertState.ACKNOWLEDGED,
            AlertState.SHELVED,
            AlertState.CLEARED,
        ),
        AlertState.OUT_OF_SERVICE: (AlertState.RAISED,),
    }
)
"""RAISED to CLEARED: acknowledged and back to normal between two ticks. An ended alert rises again only while its case
is open."""


def state_of(*, normal: bool, acknowledged: bool, shelved: bool, planned: bool, was: AlertState | None) -> AlertState:
    """The state that follows; what was planned returns to normal without anybody having to see it."""
    if normal:
        seen = acknowledged or was in (AlertState.SUPPRESSED, AlertState.CLEARED)
        return AlertState.CLEARED if seen else AlertState.RETURNED
    if planned:
        return AlertState.SUPPRESSED
    if shelved:
        return AlertState.SHELVED
    return AlertState.ACKNOWLEDGED if acknowledged else AlertState.RAISED
