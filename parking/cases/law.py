"""The law a case travels by, as a table: what may follow what, who must say why, how it may end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from parking.domain.case import Case, Closing, Operate, Stage, Step
from parking.domain.errors import NotAllowed

MAY_GO: Final[Mapping[Stage, tuple[Stage, ...]]] = MappingProxyType(
    {
        Stage.REPORTED: (Stage.PENDING_VERIFY, Stage.PENDING_FILE, Stage.VOIDED),
        Stage.PENDING_VERIFY: (Stage.PENDING_FILE, Stage.VOIDED),
        Stage.PENDING_FILE: (Stage.FILED, Stage.NOT_FILED, Stage.VOIDED),
        Stage.FILED: (Stage.PENDING_DISPATCH, Stage.CLOSED),
        Stage.PENDING_DISPATCH: (Stage.DISPATCHED, Stage.CLOSED),
        Stage.DISPATCHED: (Stage.DISPOSING, Stage.RETURNED, Stage.CLOSED),
        Stage.DISPOSING: (Stage.DISPOSED, Stage.RETURNED, Stage.SUSPENDED, Stage.CLOSED),
        Stage.SUSPENDED: (Stage.DISPOSING,),
        Stage.RETURNED: (Stage.PENDING_DISPATCH,),
        Stage.DISPOSED: (Stage.PENDING_CHECK,),
        Stage.PENDING_CHECK: (Stage.PENDING_CLOSE, Stage.REWORK, Stage.CLOSED),
        Stage.REWORK: (Stage.DISPOSING,),
        Stage.PENDING_CLOSE: (Stage.CLOSED, Stage.REWORK),
        Stage.CLOSED: (),
        Stage.NOT_FILED: (),
        Stage.VOIDED: (),
    }
)
"""The whole law: what is not here is refused. 核实 (VERIFY) is before filing, 核查 (CHECK) before closing."""

FINAL_STAGES: Final = tuple(stage for stage, onward in MAY_GO.items() if not onward)
"""Reopening is a new case with a link."""

AFTER_CHECK: Final = (Closing.NORMAL, Closing.OVERDUE, Closing.SPECIAL)
"""Ways to end once the check has passed; from everywhere else a case can only be closed as an error."""

OPERATE: Final[Mapping[Stage, Operate]] = MappingProxyType(
    {
        Stage.RETURNED: Operate.RETURN,
        Stage.VOIDED: Operate.CANCEL,
        Stage.NOT_FILED: Operate.CANCEL,
        Stage.CLOSED: Operate.CLOSE,
        Stage.DISPATCHED: Operate.ASSIGN,
        Stage.REWORK: Operate.ASSIGN,
    }
)
"""operate_type of the step that leads to a stage; FORWARD where nothing is said."""


def may_go(stage: Stage, to: Stage, closing: Closing | None = None) -> bool:
    """Whether the table has this step; `closing` names how it would end, and only an end has one."""
    if to not in MAY_GO[stage] or (to is Stage.CLOSED) != (closing is not None):
        return False
    return closing is None or closing in closings_from(stage)


def closings_from(stage: Stage) -> tuple[Closing, ...]:
    """How a case may be closed from here."""
    if Stage.CLOSED not in MAY_GO[stage]:
        return ()
    return AFTER_CHECK if stage is Stage.PENDING_CLOSE else (Closing.ERROR,)


def advance(
    case: Case, to: Stage, *, actor: str, receiver: str, opinion: str, at: datetime, closing: Closing | None = None
) -> Case:
    """The case after one more flow record.

    Raises:
        NotAllowed: the table has no such step, a reason is missing, or the step lies before the last one.
    """
    _check_step(case, to, closing)
    if not opinion.strip() and (to is Stage.RETURNED or closing is Closing.ERROR):
        raise NotAllowed(f"{case.no}: {to} needs an opinion; say why")
    if at < case.updated_at:
        raise NotAllowed(f"{case.no}: {at} lies before its last step at {case.updated_at}; check the clock")
    operate = OPERATE.get(to, Operate.FORWARD)
    step = Step(len(case.steps) + 1, to, operate, actor, receiver, opinion, at, closing)
    return replace(case.with_step(step), closing=closing)


def _check_step(case: Case, to: Stage, closing: Closing | None) -> None:
    if to not in MAY_GO[case.stage]:
        onward = ", ".join(MAY_GO[case.stage]) or "nowhere, it is final; open a new case"
        raise NotAllowed(f"{case.no}: {case.stage} -> {to} is not in the law; from here it may go to: {onward}")
    if may_go(case.stage, to, closing):
        return
    ways = ", ".join(closings_from(case.stage)) if to is Stage.CLOSED else "none"
    said = "no way of closing" if closing is None else closing
    raise NotAllowed(f"{case.no}: {case.stage} -> {to} with {said}; ways of closing here: {ways}")
