"""What was run here, and what people changed: the port, and what goes into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from parking.codec import KIND_OF, encode
from parking.domain.inputs import Acknowledge, Command, Input, Override, Shelve


@dataclass(frozen=True, slots=True)
class RunStart:
    """One start of a program on this schema."""

    run: str
    kind: str
    """live, simulation or replay."""
    program: str
    """Its version."""
    street_t0: datetime
    speed: float
    started_at: datetime
    """Machine time."""
    settings: bytes
    """Thresholds as canonical JSON."""


@dataclass(frozen=True, slots=True)
class Audited:
    """A change by a person, written with the change itself; nobody can alter it."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: bytes
    """The whole command as canonical JSON."""


def list_audited_in(inputs: Sequence[Input]) -> list[Audited]:
    """The commands of people among these inputs, as the audit keeps them."""
    return [
        Audited(
            one.at, one.actor, KIND_OF[type(one)], one.sign if isinstance(one, Override) else one.alert, encode(one)
        )
        for one in inputs
        if isinstance(one, Override | Acknowledge | Shelve)
    ]


def _subject(command: Command) -> str:
    return command.sign if isinstance(command, Override) else command.alert


class Diary(Protocol):
    """What was run here, and what people changed."""

    async def begin(self, start: RunStart) -> None:
        """This start; twice changes nothing."""
        ...

    async def end(self, start: RunStart, at: datetime) -> None:
        """It has ended in order at this machine time; a start without an end was killed."""
        ...

    async def list_runs(self, limit: int = 100) -> Sequence[tuple[RunStart, datetime | None]]:
        """Starts and their ends, newest first."""
        ...

    async def list_audited(self, limit: int = 100) -> Sequence[Audited]:
        """Changes by people, newest first."""
        ...
