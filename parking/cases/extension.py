"""More time for a case (延期): asked for before its deadline, answered once, twice granted at the most."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from parking.cases.clocks import deadline_of
from parking.domain.calendar import Calendar
from parking.domain.case import Case, Extension, Stage
from parking.domain.errors import NotAllowed

MOST_GRANTED: Final = 2
"""A refused request does not count (workflow rules of a city built on GB/T 30428.8)."""

IN_HAND: Final = (Stage.DISPATCHED, Stage.DISPOSING, Stage.REWORK)
"""Where a department has the case, and its clock runs."""


def ask_extension(case: Case, *, actor: str, reason: str, at: datetime) -> Case:
    """The case with a request for its limit once more.

    Raises:
        NotAllowed: the department does not have it, the deadline has passed, another request waits for its answer,
            two were granted already, or nobody says why.
    """
    if case.stage not in IN_HAND:
        raise NotAllowed(f"{case.no}: {case.stage} has no time to extend; ask while a department has the case")
    if at >= case.deadline:
        raise NotAllowed(f"{case.no}: its deadline was {case.deadline}; an extension is asked for before it")
    if case.extensions and case.extensions[-1].granted is None:
        raise NotAllowed(f"{case.no}: a request of {case.extensions[-1].asked_at} has no answer yet; wait for it")
    if sum(bool(one.granted) for one in case.extensions) >= MOST_GRANTED:
        raise NotAllowed(f"{case.no}: {MOST_GRANTED} extensions were granted; more are not allowed")
    if not reason.strip():
        raise NotAllowed(f"{case.no}: an extension needs a reason; say why")
    return replace(case, extensions=(*case.extensions, Extension(actor, reason, at)))


def answer_extension(case: Case, *, granted: bool, actor: str, opinion: str, at: datetime, calendar: Calendar) -> Case:
    """The case with its request answered, and with its new deadline when it was granted.

    Raises:
        NotAllowed: no request waits, or it is refused and nobody says why.
    """
    if not case.extensions or case.extensions[-1].granted is not None:
        raise NotAllowed(f"{case.no}: no request for more time waits for an answer")
    if not granted and not opinion.strip():
        raise NotAllowed(f"{case.no}: a refusal needs an opinion; say why")
    answered = replace(case.extensions[-1], granted=granted, answered_by=actor, opinion=opinion, answered_at=at)
    extensions = (*case.extensions[:-1], answered)
    due = deadline_of(case.limit, case.steps, calendar, extensions)
    return replace(case, extensions=extensions, deadline=case.deadline if due is None else due)
