"""What one tick leaves in the store, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from parking.domain.case import Case
from parking.domain.decisions import Decisions


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox: one thing to tell the world, at least once, in order per key."""

    key: str
    """Messages of one key are delivered in their order (case:FJ…, alert:A-…)."""
    type: str
    """CloudEvents type, such as `parking.case.filed`."""
    topic: str
    """MQTT topic below the root, such as `alerts/A-…`; empty: not for MQTT."""
    retain: bool
    body: bytes
    """JSON, UTF-8; empty to clear a retained topic."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of the engine: its time, how far the input log was taken, what was decided and who is told."""

    at: datetime
    position: int
    """All inputs up to and including this position of the intake log were taken before the decision."""
    decisions: Decisions
    decisions_sha256: str
    cases: tuple[Case, ...] = ()
    """Cases filed by this tick."""
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class TickMark:
    """A journal line: enough, with the intake log, to decide again to the byte."""

    at: datetime
    position: int
    decisions_sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The engine's whole state after the tick at `at`."""

    at: datetime
    position: int
    state: bytes
