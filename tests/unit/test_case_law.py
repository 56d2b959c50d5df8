"""The law a case travels by."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.cases.law import FINAL_STAGES, MAY_GO, advance, closings_from, may_go
from parking.cases.travel import carry, first_facts, rebuild
from parking.domain.case import Clock, Closing, Limit, Operate, Stage, Step
from parking.domain.errors import NotAllowed
from tests.makers import NOON, a_calendar, at
from tests.makers_cases import a_case

THE_LAW = """
REPORTED         -> PENDING_VERIFY | PENDING_FILE | VOIDED
PENDING_VERIFY   -> PENDING_FILE | VOIDED
PENDING_FILE     -> FILED | NOT_FILED | VOIDED
FILED            -> PENDING_DISPATCH | CLOSED(3)
PENDING_DISPATCH -> DISPATCHED | CLOSED(3)
DISPATCHED       -> DISPOSING | RETURNED | CLOSED(3)
DISPOSING        -> DISPOSED | RETURNED | SUSPENDED | CLOSED(3)
SUSPENDED        -> DISPOSING
RETURNED         -> PENDING_DISPATCH
DISPOSED         -> PENDING_CHECK
PENDING_CHECK    -> PENDING_CLOSE | REWORK | CLOSED(3)
REWORK           -> DISPOSING
PENDING_CLOSE    -> CLOSED(1|2|4) | REWORK
"""
"""The table of the domain notes, letter by letter."""

CLOSINGS = {"3": (Closing.ERROR,), "1|2|4": (Closing.NORMAL, Closing.OVERDUE, Closing.SPECIAL)}


def read_law() -> set[tuple[Stage, Stage, Closing | None]]:
    """Every step of the table."""
    steps: set[tuple[Stage, Stage, Closing | None]] = set()
    for line in THE_LAW.strip().splitlines():
        before, _, onward = line.partition("->")
        for to in onward.replace("1|2|4", "124").split("|"):
            name, _, ways = to.strip().partition("(")
            closings = CLOSINGS["3" if ways == "3)" else "1|2|4"] if ways else (None,)
            steps |= {(Stage[before.strip()], Stage[name], closing) for closing in closings}
    return steps


LAW = read_law()
EVERYTHING = list(product(Stage, Stage, (None, *Closing)))


def test_the_whole_product_of_stages_agrees_with_the_table() -> None:
    assert len(LAW) == 30
    for stage, to, closing in EVERYTHING:
        allowed = (stage, to, closing) in LAW
        assert may_go(stage, to, closing) == allowed
        case = a_case(stage)
        if allowed:
            moved = advance(case, to, actor="a", receiver="b", opinion="why", at=at(1), closing=closing)
            assert (moved.stage, moved.closing, len(moved.steps)) == (to, closing, len(case.steps) + 1)
        else:
            with pytest.raises(NotAllowed, match=case.no):
                advance(case, to, actor="a", receiver="b", opinion="why", at=at(1), closing=closing)


def test_every_stage_has_its_line_and_final_stages_lead_nowhere() -> None:
    assert set(MAY_GO) == set(Stage)
    assert set(FINAL_STAGES) == {Stage.CLOSED, Stage.NOT_FILED, Stage.VOIDED}


@pytest.mark.parametrize("opinion", ["", "  "])
def test_a_return_and_an_error_need_a_reason(opinion: str) -> None:
    with pytest.raises(NotAllowed, match="opinion"):
        advance(a_case(Stage.DISPOSING), Stage.RETURNED, actor="a", receiver="b", opinion=opinion, at=NOON)
    with pytest.raises(NotAllowed, match="opinion"):
        advance(
            a_case(Stage.FILED), Stage.CLOSED, actor="a", receiver="b", opinion=opinion, at=NOON, closing=Closing.ERROR
        )


def test_a_step_never_lies_before_the_last_one() -> None:
    with pytest.raises(NotAllowed, match="clock"):
        advance(a_case(Stage.DISPATCHED), Stage.DISPOSING, actor="a", receiver="b", opinion="", at=at(-1))


def test_the_reason_of_a_refusal_names_what_is_possible() -> None:
    with pytest.raises(NotAllowed, match="it may go to: disposing, returned, closed"):
        advance(a_case(Stage.DISPATCHED), Stage.DISPOSED, actor="a", receiver="b", opinion="", at=NOON)
    with pytest.raises(NotAllowed, match="final"):
        advance(a_case(Stage.VOIDED), Stage.REPORTED, actor="a", receiver="b", opinion="", at=NOON)
    with pytest.raises(NotAllowed, match="ways of closing here: normal, overdue, special"):
        advance(
            a_case(Stage.PENDING_CLOSE),
            Stage.CLOSED,
            actor="a",
            receiver="b",
            opinion="x",
            at=NOON,
            closing=Closing.ERROR,
        )


@pytest.mark.parametrize(
    ("before", "to", "operate"),
    [
        (Stage.FILED, Stage.PENDING_DISPATCH, Operate.FORWARD),
        (Stage.PENDING_DISPATCH, Stage.DISPATCHED, Operate.ASSIGN),
        (Stage.DISPOSING, Stage.RETURNED, Operate.RETURN),
        (Stage.REPORTED, Stage.VOIDED, Operate.CANCEL),
        (Stage.PENDING_CHECK, Stage.REWORK, Operate.ASSIGN),
    ],
)
def test_each_step_is_recorded_as_what_it_was(before: Stage, to: Stage, operate: Operate) -> None:
    case = advance(a_case(before), to, actor="leader", receiver="police", opinion="because", at=at(5))
    assert case.steps[-1] == Step(2, to, operate, "leader", "police", "because", at(5))


@settings(max_examples=100, deadline=None)
@given(
    choices=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 200_000)), max_size=30),
    clock=st.sampled_from(Clock),
)
def test_a_case_rebuilt_from_its_records_equals_itself(choices: list[tuple[int, int, int]], clock: Clock) -> None:
    calendar, case, now_s = a_calendar(), a_case(Stage.REPORTED, limit=Limit(4.0, clock)), 0
    for which, way, pause_s in choices:
        onward = MAY_GO[case.stage]
        if not onward:
            break
        to = onward[which % len(onward)]
        ways = closings_from(case.stage)
        now_s += pause_s
        case = carry(
            case,
            to,
            calendar=calendar,
            actor="a",
            receiver="b",
            opinion="why",
            at=at(now_s),
            closing=ways[way % len(ways)] if to is Stage.CLOSED else None,
        )
    assert rebuild(first_facts(case), case.steps, calendar) == case
    assert [step.n for step in case.steps] == list(range(1, len(case.steps) + 1))


def test_records_that_break_the_law_rebuild_nothing() -> None:
    case = a_case(Stage.REPORTED)
    closed = Step(2, Stage.CLOSED, Operate.CLOSE, "a", "b", "", NOON, Closing.NORMAL)
    with pytest.raises(NotAllowed):
        rebuild(case, (*case.steps, closed), a_calendar())
    with pytest.raises(NotAllowed, match="begin"):
        rebuild(case, (closed,), a_calendar())
    forged = Step(7, Stage.PENDING_FILE, Operate.FORWARD, "a", "b", "", NOON)
    with pytest.raises(NotAllowed, match="record 7"):
        rebuild(case, (*case.steps, forged), a_calendar())
