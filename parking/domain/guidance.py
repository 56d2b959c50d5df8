"""What a sign is told, and what it says it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parking.domain.ids import SignId


class State(StrEnum):
    """The state word of a panel. A *change* is a change of this word; numbers refresh freely."""

    FREE = "free"
    LIMITED = "limited"
    FULL = "full"
    CLOSED = "closed"
    UNKNOWN = "unknown"


STATES = tuple(State)
"""Order of the codes in numpy columns: 0 free, 1 limited, 2 full, 3 closed, 4 unknown."""


class Colour(StrEnum):
    """Lamp colours of the common two-colour board; `off` is neutral."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Row:
    """One panel's content."""

    line: int
    state: State
    free: int | None
    text: str
    """What the lamps spell: the number, 满, 关闭, or --."""
    colour: Colour


@dataclass(frozen=True, slots=True)
class Why:
    """Why a panel says what it says: the rule, and the numbers it looked at."""

    line: int
    rule: str
    """A code of the text catalogues, such as `number`, `full_by_count`, `full_on_arrival`, `stale`, `override`."""
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Guidance:
    """All rows of one sign, with an end: past `until` the sign goes neutral by itself."""

    sign: SignId
    sequence: int
    """Grows with every guidance of this sign within one run of the engine's state."""
    at: datetime
    until: datetime
    rows: tuple[Row, ...]
    why: tuple[Why, ...]
    changed: bool
    """A state word differs from the guidance before: worth a line in history."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sign confirms that it shows (an input of the engine)."""

    sign: SignId
    epoch: int
    sequence: int
    at: datetime
    received_at: datetime
    rows: tuple[str, ...]
    """The text of each line as shown, in the order of lines."""
    errors: tuple[str, ...] = ()
    brightness_share: float | None = None


class NoProof(StrEnum):
    """Why nobody can say that a sign shows what it was told."""

    NO_ANSWER = "no_answer"
    DIFFERENT = "different"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A sign that has owed a right answer for too long."""

    sign: SignId
    since: datetime
    """When it was told what it has not confirmed, or when it began to show something else."""
    reason: NoProof
