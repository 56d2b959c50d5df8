"""What people say: to the system, to the desk where cases are kept, to the hotline. The desk answers for the law."""

from dataclasses import dataclass
from typing import TypeAlias

from parking.domain.alert import AlertKind
from parking.domain.case import Case, Closing, Stage
from parking.domain.ids import AlertId, CaseNo


@dataclass(frozen=True, slots=True)
class Seen:
    """An officer has seen an alert."""

    alert: AlertId
    actor: str


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody carries a case one step on."""

    no: CaseNo
    to: Stage
    actor: str
    receiver: str
    opinion: str = ""
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A department asks for more time."""

    no: CaseNo
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The dispatcher grants it or does not."""

    no: CaseNo
    granted: bool
    actor: str
    opinion: str


@dataclass(frozen=True, slots=True)
class Call:
    """A citizen calls the hotline about a section or a lot."""

    kind: AlertKind
    subject: str
    words: str


Said: TypeAlias = Seen | Move | Ask | Answer | Call


@dataclass(frozen=True, slots=True)
class File:
    """A case as the desk knows it, and what it is about."""

    case: Case
    kind: AlertKind
    subject: str
    """Id of the lot, section, device or sign."""
