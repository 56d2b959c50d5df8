"""A case on its way: steps by the law, the deadline by its clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from parking.cases.clocks import deadline_of
from parking.cases.law import advance
from parking.domain.calendar import Calendar
from parking.domain.case import Case, Closing, Extension, Stage, Step
from parking.domain.errors import NotAllowed


def carry(
    case: Case,
    to: Stage,
    *,
    calendar: Calendar,
    actor: str,
    receiver: str,
    opinion: str,
    at: datetime,
    closing: Closing | None = None,
) -> Case:
    """The case after one more step, its deadline moved where the step moves it. Raises NotAllowed."""
    moved = advance(case, to, actor=actor, receiver=receiver, opinion=opinion, at=at, closing=closing)
    due = deadline_of(moved.limit, moved.steps, calendar, moved.extensions)
    return moved if due is None else replace(moved, deadline=due)


def first_facts(case: Case) -> Case:
    """The case as it was reported: with its first step alone."""
    return replace(case, steps=case.steps[:1], closing=None, extensions=())


def rebuild(first: Case, steps: Sequence[Step], calendar: Calendar, extensions: Sequence[Extension] = ()) -> Case:
    """The case from its first facts, all its flow records, the first among them, and its requests for more time.

    Raises:
        NotAllowed: the records do not begin as the case does, or one of them breaks the law.
    """
    if tuple(steps[:1]) != first.steps:
        raise NotAllowed(f"{first.no}: its records do not begin with its report; look for the missing ones")
    case = first
    for step in steps[1:]:
        case = carry(
            case,
            step.stage,
            calendar=calendar,
            actor=step.actor,
            receiver=step.receiver,
            opinion=step.opinion,
            at=step.at,
            closing=step.closing,
        )
        if case.steps[-1] != step:
            raise NotAllowed(f"{first.no}: record {step.n} reads {step}, the law writes {case.steps[-1]}")
    due = deadline_of(case.limit, case.steps, calendar, extensions)
    return replace(case, extensions=tuple(extensions), deadline=case.deadline if due is None else due)
