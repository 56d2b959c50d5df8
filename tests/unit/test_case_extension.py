"""More time for a case: asked for in time, answered once, twice granted at the most."""

from datetime import timedelta

import pytest

from parking.cases.extension import answer_extension, ask_extension
from parking.cases.travel import carry, first_facts, rebuild
from parking.domain.case import Case, Clock, Limit, Stage
from parking.domain.errors import NotAllowed
from tests.makers import a_calendar, at, local
from tests.unit.test_case_file import filed

HOUR = 3600.0


def asked(case: Case, seconds: float = 600) -> Case:
    return ask_extension(case, actor="unit-1", reason="heavy traffic", at=at(seconds))


def answered(case: Case, *, granted: bool, seconds: float = 700, opinion: str = "so be it") -> Case:
    calendar = a_calendar()
    return answer_extension(
        case, granted=granted, actor="dispatcher", opinion=opinion, at=at(seconds), calendar=calendar
    )


def test_a_granted_request_adds_the_limit_to_the_deadline_and_a_refused_one_nothing() -> None:
    case = filed()
    assert answered(asked(case), granted=True).deadline == case.deadline + timedelta(hours=1)
    assert answered(asked(case), granted=False).deadline == case.deadline


def test_a_request_alone_moves_no_deadline() -> None:
    assert asked(filed()).deadline == filed().deadline
    assert asked(filed()).extensions[-1].granted is None


def test_two_are_granted_and_no_third() -> None:
    case = answered(asked(answered(asked(filed()), granted=True)), granted=True)
    assert case.deadline == filed().deadline + timedelta(hours=2)
    with pytest.raises(NotAllowed, match="2 extensions were granted"):
        asked(case)


def test_a_refused_request_does_not_count() -> None:
    case = filed()
    for _ in range(3):
        case = answered(asked(case), granted=False)
    assert answered(asked(case), granted=True).deadline == filed().deadline + timedelta(hours=1)


def test_one_request_waits_at_a_time() -> None:
    with pytest.raises(NotAllowed, match="no answer yet"):
        asked(asked(filed()))


def test_after_the_deadline_nobody_asks() -> None:
    with pytest.raises(NotAllowed, match="asked for before it"):
        asked(filed(), 2 * HOUR)


def test_who_asks_and_who_refuses_says_why() -> None:
    with pytest.raises(NotAllowed, match="needs a reason"):
        ask_extension(filed(), actor="unit-1", reason=" ", at=at(600))
    with pytest.raises(NotAllowed, match="needs an opinion"):
        answered(asked(filed()), granted=False, opinion="")


def test_what_nobody_asked_for_is_not_answered() -> None:
    with pytest.raises(NotAllowed, match="no request"):
        answered(filed(), granted=True)
    with pytest.raises(NotAllowed, match="no request"):
        answered(answered(asked(filed()), granted=True), granted=True)


def moved(case: Case, *stages: Stage, seconds: float = 800) -> Case:
    for stage in stages:
        case = carry(case, stage, calendar=a_calendar(), actor="a", receiver="b", opinion="because", at=at(seconds))
    return case


def test_only_a_department_that_has_the_case_asks() -> None:
    with pytest.raises(NotAllowed, match="while a department has the case"):
        asked(moved(filed(), Stage.DISPOSING, Stage.DISPOSED), 900)
    assert asked(moved(filed(), Stage.DISPOSING), 900).extensions


def test_further_steps_keep_what_was_granted_and_a_new_dispatch_does_not() -> None:
    case = answered(asked(filed()), granted=True)
    assert moved(case, Stage.DISPOSING).deadline == case.deadline
    again = moved(case, Stage.RETURNED, Stage.PENDING_DISPATCH, Stage.DISPATCHED)
    assert again.deadline == at(800) + timedelta(hours=1)


def test_on_a_working_clock_it_adds_working_time() -> None:
    case = filed()
    case = Case(**{name: getattr(case, name) for name in case.__slots__} | {"limit": Limit(4.0, Clock.WORK_HOUR)})
    case = moved(case, Stage.RETURNED, Stage.PENDING_DISPATCH, Stage.DISPATCHED, seconds=0.0 + 60)
    assert case.deadline == local(2026, 5, 13, 18)  # Wednesday 12:01: four hours from 14:00
    assert answered(asked(case), granted=True).deadline == local(2026, 5, 14, 12)


def test_a_case_is_rebuilt_with_its_requests() -> None:
    case = moved(answered(asked(filed()), granted=True), Stage.DISPOSING)
    assert rebuild(first_facts(case), case.steps, a_calendar(), case.extensions) == case
