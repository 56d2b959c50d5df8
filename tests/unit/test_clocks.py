"""The four clocks of time limits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.cases.clocks import UNIT, deadline, deadline_of, used
from parking.domain.case import Clock, Limit, Operate, Stage, Step
from tests.makers import a_calendar, local

PLAIN = a_calendar()
MAY = a_calendar(
    holidays=[date(2026, 5, day) for day in range(1, 6)], make_up_days=[date(2026, 4, 26), date(2026, 5, 9)]
)
FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (local(2026, 6, day) for day in (12, 13, 14, 15, 16))


def hours(day: datetime, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return day.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("amount", "clock", "start", "end"),
    [
        (4, Clock.WORK_HOUR, hours(FRIDAY, "16:30"), hours(MONDAY, "10:30")),
        (1, Clock.WORK_DAY, hours(TUESDAY, "15:00"), hours(local(2026, 6, 17), "15:00")),
        (2, Clock.URGENT_HOUR, hours(SATURDAY, "23:30"), hours(SUNDAY, "01:30")),
        (1, Clock.NATURAL_DAY, hours(SATURDAY, "23:30"), hours(SUNDAY, "23:30")),
        (4, Clock.WORK_HOUR, hours(TUESDAY, "08:00"), hours(TUESDAY, "12:00")),
        (1, Clock.WORK_HOUR, hours(TUESDAY, "12:30"), hours(TUESDAY, "15:00")),
        (1, Clock.WORK_HOUR, hours(SATURDAY, "10:00"), hours(MONDAY, "09:00")),
        (0, Clock.WORK_HOUR, hours(SATURDAY, "10:00"), hours(SATURDAY, "10:00")),
    ],
)
def test_a_limit_ends_when_its_clock_says(amount: float, clock: Clock, start: datetime, end: datetime) -> None:
    assert deadline(Limit(amount, clock), start, PLAIN) == end


def test_holidays_stop_working_clocks_and_make_up_days_turn_them() -> None:
    before_may_day = local(2026, 4, 30, 17)
    assert deadline(Limit(2, Clock.WORK_HOUR), before_may_day, MAY) == local(2026, 5, 6, 9)
    assert deadline(Limit(2, Clock.URGENT_HOUR), before_may_day, MAY) == local(2026, 4, 30, 19)
    assert deadline(Limit(1, Clock.WORK_DAY), local(2026, 5, 8, 15), MAY) == local(2026, 5, 9, 15), "a worked Saturday"


def test_a_deadline_is_in_utc() -> None:
    assert deadline(Limit(1, Clock.WORK_HOUR), hours(TUESDAY, "09:00"), PLAIN).tzinfo is UTC
    assert deadline(Limit(1, Clock.URGENT_HOUR), hours(TUESDAY, "09:00"), PLAIN).tzinfo is UTC


def steps(*stages: tuple[Stage, datetime]) -> list[Step]:
    return [Step(n, stage, Operate.FORWARD, "a", "b", "", at) for n, (stage, at) in enumerate(stages, 1)]


def test_before_dispatch_no_clock_runs() -> None:
    assert deadline_of(Limit(1, Clock.WORK_DAY), steps((Stage.FILED, TUESDAY)), PLAIN) is None


def test_a_suspension_moves_the_deadline_by_the_working_time_suspended() -> None:
    limit, begun = Limit(4, Clock.WORK_HOUR), hours(TUESDAY, "08:00")
    paused = steps(
        (Stage.DISPATCHED, begun),
        (Stage.DISPOSING, begun),
        (Stage.SUSPENDED, hours(TUESDAY, "09:00")),
        (Stage.DISPOSING, hours(TUESDAY, "12:00")),
    )
    assert deadline_of(limit, paused, PLAIN) == hours(TUESDAY, "17:00")
    over_lunch = [*paused[:3], *steps((Stage.DISPOSING, hours(TUESDAY, "14:00")))]
    assert deadline_of(limit, over_lunch, PLAIN) == hours(TUESDAY, "17:00"), "lunch was no working time anyway"


def test_a_returned_case_starts_anew_with_its_next_dispatch() -> None:
    again = steps(
        (Stage.DISPATCHED, hours(TUESDAY, "08:00")),
        (Stage.RETURNED, hours(TUESDAY, "09:00")),
        (Stage.DISPATCHED, hours(TUESDAY, "10:00")),
    )
    assert deadline_of(Limit(1, Clock.WORK_HOUR), again, PLAIN) == hours(TUESDAY, "11:00")


minutes = st.integers(0, 60 * 24 * 40)
limits = st.builds(Limit, st.integers(0, 80).map(lambda quarters: quarters / 4), st.sampled_from(Clock))


@settings(max_examples=200, deadline=None)
@given(limit=limits, start=minutes)
def test_a_limit_is_used_up_exactly_at_its_deadline(limit: Limit, start: int) -> None:
    begun = local(2026, 4, 20) + timedelta(minutes=start)
    end = deadline(limit, begun, MAY)
    assert end >= begun
    assert used(limit, begun, end, MAY) == pytest.approx(limit.amount)
    if limit.amount:
        assert used(limit, begun, end - timedelta(seconds=1), MAY) < limit.amount


@settings(max_examples=200, deadline=None)
@given(clock=st.sampled_from(Clock), times=st.tuples(minutes, minutes, minutes))
def test_time_used_adds_up_and_never_exceeds_natural_time(clock: Clock, times: tuple[int, int, int]) -> None:
    limit = Limit(1, clock)
    first, middle, last = (local(2026, 4, 20) + timedelta(minutes=one) for one in sorted(times))
    whole = used(limit, first, last, MAY)
    assert used(limit, first, middle, MAY) + used(limit, middle, last, MAY) == pytest.approx(whole)
    assert 0 <= whole <= (last - first) / UNIT[clock] + 1e-9
    assert used(limit, last, first, MAY) == 0 or first == last


@settings(max_examples=100, deadline=None)
@given(limit=limits, start=minutes, later=st.integers(0, 5000))
def test_who_starts_later_is_never_due_earlier(limit: Limit, start: int, later: int) -> None:
    begun = local(2026, 4, 20) + timedelta(minutes=start)
    assert deadline(limit, begun, MAY) <= deadline(limit, begun + timedelta(minutes=later), MAY)
