"""A case (案卷): stages, flow records, clocks' words. The law itself is `parking.cases`."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from parking.domain.alert import Grade
from parking.domain.ids import AlertId, CaseNo, CellCode, DepartmentId, PostId
from parking.domain.place import Point


class Stage(StrEnum):
    """The one set of stages; what may follow what is the table in `parking.cases.law`."""

    REPORTED = "reported"
    PENDING_VERIFY = "pending_verify"
    PENDING_FILE = "pending_file"
    FILED = "filed"
    NOT_FILED = "not_filed"
    VOIDED = "voided"
    PENDING_DISPATCH = "pending_dispatch"
    DISPATCHED = "dispatched"
    DISPOSING = "disposing"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    DISPOSED = "disposed"
    PENDING_CHECK = "pending_check"
    REWORK = "rework"
    PENDING_CLOSE = "pending_close"
    CLOSED = "closed"


class Operate(StrEnum):
    """operate_type of a flow record."""

    FORWARD = "forward"
    RETURN = "return"
    CANCEL = "cancel"
    CLOSE = "close"
    ASSIGN = "assign"
    REVOKE = "revoke"


class Closing(StrEnum):
    """Closing types 1-4 of the case standard, as their words."""

    NORMAL = "normal"
    OVERDUE = "overdue"
    ERROR = "error"
    SPECIAL = "special"


class Clock(StrEnum):
    """Units a time limit may be counted in (处置时限)."""

    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: so many units of a clock."""

    amount: float
    clock: Clock


@dataclass(frozen=True, slots=True)
class Step:
    """One flow record: appended, never changed."""

    n: int
    """1, 2, 3 … within its case."""
    stage: Stage
    """The stage this step led to."""
    operate: Operate
    actor: str
    receiver: str
    opinion: str
    at: datetime
    closing: Closing | None = None
    """How the case ended, on the step that closed it."""


@dataclass(frozen=True, slots=True)
class Extension:
    """A request for more time (申请延期) and its answer. A request, not a stage: the case goes on meanwhile."""

    asked_by: str
    reason: str
    asked_at: datetime
    granted: bool | None = None
    """None while nobody has answered."""
    answered_by: str = ""
    opinion: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case file; it can be rebuilt from its first facts and its steps."""

    no: CaseNo
    alert: AlertId | None
    class_code: str
    """Ten digits: county (6), class (2), subclass (2)."""
    code_table: str
    """Version of the class-code table it was filed under (the 04/05 swap)."""
    source: int
    """41 intelligent analysis, 34 video report, 1 patrol, 11 hotline …"""
    grade: Grade | None
    title: str
    title_en: str
    place: Point
    cell: CellCode
    department: DepartmentId
    post: PostId
    """The duty post that answers for it."""
    reported_at: datetime
    deadline: datetime
    limit: Limit
    steps: tuple[Step, ...]
    closing: Closing | None = None
    extensions: tuple[Extension, ...] = ()
    """In the order they were asked for; the last one alone may be without answer."""

    @property
    def stage(self) -> Stage:
        """Where it stands now."""
        return self.steps[-1].stage

    @property
    def updated_at(self) -> datetime:
        """Time of its last flow record."""
        return self.steps[-1].at

    def with_step(self, step: Step) -> "Case":
        """The case after one more flow record."""
        return replace(self, steps=(*self.steps, step))


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """A case's step as the engine hears of it."""

    no: CaseNo
    alert: AlertId | None
    stage: Stage
    at: datetime
