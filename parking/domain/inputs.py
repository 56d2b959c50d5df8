"""Everything that can change a decision comes in as one of these."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from parking.domain.case import CaseChanged
from parking.domain.guidance import Shown
from parking.domain.ids import AlertId, LotId, SectionId, SignId
from parking.domain.reading import Reading
from parking.domain.settings import Settings


class OverrideMode(StrEnum):
    """What an operator may put a sign to; `auto` gives it back."""

    AUTO = "auto"
    BLANK = "blank"
    FULL = "full"
    CLOSED = "closed"
    MESSAGE = "message"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Override:
    """An operator's hand on a sign: it ends by itself."""

    sign: SignId
    mode: OverrideMode
    texts: tuple[str, ...]
    """One text a line for `message`; empty otherwise."""
    actor: str
    reason: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """An officer has seen an alert."""

    alert: AlertId
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shelve:
    """An officer puts an alert aside until a time; it comes back by itself."""

    alert: AlertId
    actor: str
    reason: str
    at: datetime
    until: datetime


Command: TypeAlias = Override | Acknowledge | Shelve


@dataclass(frozen=True, slots=True)
class Closure:
    """A lot or section closed on purpose from one time to another."""

    subject: LotId | SectionId
    begins: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something planned that fills lots or slows roads: alerts about these subjects are expected then."""

    name: str
    subjects: tuple[str, ...]
    begins: datetime
    ends: datetime
    more_cars: int = 0


Plan: TypeAlias = Closure | Event


@dataclass(frozen=True, slots=True)
class ModelFitted:
    """Coefficients that were fitted outside from stored history."""

    model: str
    fitted_at: datetime
    """Nothing later than this instant was used."""
    coefficients: bytes
    """The model's own packed form, read by the forecaster alone."""


Input: TypeAlias = Reading | Command | Plan | Shown | Settings | ModelFitted | CaseChanged
