"""What stands after a tick, as one number a kind: two runs that stand alike have the same, however they came there.

Each sign, lot, alert … has a fingerprint of 64 bits; a kind's is their sum, so a tick costs what changed in it.
"""

from collections.abc import Iterable
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from parking.codec import encode
from parking.domain.alert import Alert
from parking.domain.decisions import Decisions

BYTES: Final = 8
ROOM: Final = 1 << (8 * BYTES)


class Kind(StrEnum):
    """Kinds of decision, in the order in which people want to hear of a difference."""

    SIGNS = "signs"
    """What each sign is told, line by line: word, number, colour."""
    ALERTS = "alerts"
    """Which stand, with state, grade and reason."""
    ROADS = "roads"
    """Level of each section."""
    LOTS = "lots"
    """State word, number and quality of each lot, as everybody is told."""
    REASONS = "reasons"
    """The rule and the numbers behind each line of each sign."""
    ESTIMATES = "estimates"
    """Taken bays and their deviation on the 5-minute slots."""
    FORECASTS = "forecasts"


class Stands:
    """The sums, kept up to date."""

    def __init__(self) -> None:
        self._of: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
        self._sum = dict.fromkeys(Kind, 0)

    def apply(self, decisions: Decisions) -> dict[str, str]:
        """Hear what is new; fingerprints, as 16 hexadecimal digits, of the kinds that stand otherwise than before."""
        before = dict(self._sum)
        for guidance in decisions.guidance:
            self._put(Kind.SIGNS, guidance.sign, guidance.rows)
            self._put(Kind.REASONS, guidance.sign, guidance.why)
        for alert in decisions.alerts:
            self._put(Kind.ALERTS, alert.id, _alert(alert) if alert.is_open else None)
        for road in decisions.roads:
            self._put(Kind.ROADS, road.section, road.level)
        for lot in decisions.lots:
            quality = (lot.occupancy.quality, lot.occupancy.reason)
            self._put(Kind.LOTS, lot.lot, (lot.state, lot.free, *quality))
        self._put_all(Kind.ESTIMATES, ((slot.lot, (slot.taken, slot.sd)) for slot in decisions.slot))
        self._put_all(Kind.FORECASTS, ((forecast.lot, forecast.taken) for forecast in decisions.forecasts))
        return {kind.value: f"{now:016x}" for kind, now in self._sum.items() if now != before[kind]}

    def _put_all(self, kind: Kind, values: Iterable[tuple[str, object]]) -> None:
        for subject, value in values:
            self._put(kind, subject, value)

    def _put(self, kind: Kind, subject: str, value: object) -> None:
        of = self._of[kind]
        now = 0 if value is None else _fingerprint(subject, value)
        self._sum[kind] = (self._sum[kind] + now - of.get(subject, 0)) % ROOM
        of[subject] = now


def _alert(alert: Alert) -> tuple[object, ...]:
    return alert.kind, alert.state, alert.grade, alert.subject, alert.reason


def _fingerprint(subject: str, value: object) -> int:
    words = subject.encode() + b"\0" + encode(value)
    return int.from_bytes(blake2b(words, digest_size=BYTES).digest())
