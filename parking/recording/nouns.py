"""What a recording says: of itself, of each tick, of its end. The file's format stands in docs/replay.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from parking.domain.decisions import Decisions
from parking.domain.inputs import Input
from parking.domain.settings import Settings

FORMAT: Final = "parking-recording"
VERSION: Final = 1
"""Of the format; a newer one is refused."""


class Source(StrEnum):
    """Where a recording's inputs came from."""

    SIMULATION = "simulation"
    OCCUPANCY = "occupancy"
    """A file of recorded occupancy."""
    SERVICE = "service"
    """The store of a running service."""
    REPLAY = "replay"
    """Another recording, under other thresholds."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which run it was."""

    source: Source
    name: str
    """Of the scenario, the file or the service's run."""
    seed: int | None = None
    policy: str = "engine"
    scenario: Mapping[str, Any] | None = None
    """The whole scenario as it was run, for readers; a replay needs the inputs alone."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Thresholds by name that replaced the recorded ones."""


@dataclass(frozen=True, slots=True)
class Header:
    """First member of the file."""

    format: str
    version: int
    origin: Origin
    settings: Settings
    """With which the engine began; later ones are among the inputs."""
    versions: Mapping[str, str]
    """Of the programs that recorded it."""
    step_s: int
    snapshot_every_s: int


@dataclass(frozen=True, slots=True)
class Told:
    """What one sign was told: the texts it should confirm under that sequence."""

    sign: str
    sequence: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One tick."""

    at: datetime
    sha256: str
    """Of everything decided, as the codec writes it."""
    stands: Mapping[str, str]
    """Fingerprints of what stands after this tick, by kind; only those that have changed. See `Stands`."""
    told: tuple[Told, ...]
    inputs: tuple[Input, ...]
    """Taken since the tick before, in their order."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to see on a seek bar."""

    at: datetime
    what: str
    """`sign`: a state word changed; `raised`, `graded`, `ended`: an alert did."""
    subject: str
    """The sign, or the alert's id."""
    kind: str = ""
    """Of the alert."""
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Index of the ticks between two snapshots."""

    begins: datetime
    """First tick."""
    ends: datetime
    """Last tick."""
    ticks: int
    readings: int
    lots_full: int
    """After the last tick, like the next."""
    alerts_open: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class End:
    """Last member; a file without it was cut short."""

    begins: datetime
    ends: datetime
    ticks: int
    report: Mapping[str, Any]
    """As a replay tells of itself, but for the time it took."""
    measures: Mapping[str, float | None] | None
    """Of the street; None where nobody knows the truth."""
    digests: Mapping[str, str]
    """Of the run as a whole: its truth, readings, orders, where it had them."""


@dataclass(frozen=True, slots=True)
class Turned:
    """One recorded tick decided again."""

    line: Line
    decisions: Decisions
    encoded: bytes
    """The decisions as the codec writes them."""
    is_identical: bool
    """To the byte what was decided the first time."""
