"""State words: thresholds, holds, and the promise that nothing flaps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.domain.guidance import STATES, State
from parking.domain.settings import SignSettings
from signage.rows import Rows
from signage.states import Seen, first_words, full_limits, next_words

LIMITS = SignSettings()
TICK_S = 5


def seen(free: int, capacity: int = 100, *, closed: bool = False, fresh: int = 9, p_free: float = 1.0) -> Seen:
    return Seen(
        np.array([free]), np.array([capacity]), np.array([closed]), np.array([fresh]), np.array([p_free], dtype=float)
    )


def told(*looks: Seen, rows: Rows | None = None, step_s: float = TICK_S) -> list[State]:
    """The word after each look, one look a tick."""
    rows = rows or Rows(1)
    words = []
    for tick, look in enumerate(looks):
        rows.advance(tick * step_s, look, LIMITS)
        words.append(STATES[rows.words.word[0]])
    return words


def changes(words: list[State]) -> list[int]:
    """Ticks on which the word differs from the one before."""
    return [tick for tick in range(1, len(words)) if words[tick] is not words[tick - 1]]


@pytest.mark.parametrize(
    ("free", "word"),
    [(50, State.FREE), (20, State.FREE), (19, State.LIMITED), (15, State.LIMITED), (3, State.LIMITED), (2, State.FULL)],
)
def test_a_first_word_follows_the_share_of_free_bays(free: int, word: State) -> None:
    assert told(seen(free)) == [word]


def test_free_stays_free_down_to_its_lower_limit() -> None:
    assert told(seen(20), seen(15), seen(15), step_s=60)[-1] is State.FREE
    assert told(seen(20), seen(14), step_s=60)[-1] is State.LIMITED


def test_full_comes_at_once_and_goes_only_after_a_hold() -> None:
    looks = [seen(30), seen(1), *[seen(30)] * 14]
    words = told(*looks)
    assert words[1] is State.FULL
    assert words[13] is State.FULL, "60 s are not over"
    assert words[14] is State.FREE


def test_a_relapse_starts_the_hold_again() -> None:
    words = told(seen(1), *[seen(30)] * 11, seen(4), *[seen(30)] * 13)
    assert State.FREE not in words[:25]
    assert words[25] is State.FREE


def test_near_its_limit_full_waits_until_ten_minutes_are_over() -> None:
    words = told(seen(1), *[seen(6)] * 125)
    assert changes(words) == [120]


def test_full_comes_early_when_nobody_arriving_would_find_a_bay() -> None:
    assert told(seen(12), seen(12, p_free=0.49), step_s=60)[-1] is State.FULL
    assert told(seen(12), seen(12, p_free=0.5), step_s=60)[-1] is State.LIMITED


def test_an_early_full_goes_when_arrivals_find_bays_again() -> None:
    words = told(seen(30, p_free=0.2), *[seen(30, p_free=0.9)] * 13)
    assert changes(words) == [13]


def test_closed_and_unknown_come_at_once() -> None:
    assert told(seen(50), seen(50, closed=True), step_s=1)[-1] is State.CLOSED
    assert told(seen(50), seen(-1), step_s=1)[-1] is State.UNKNOWN


def test_unknown_goes_after_two_fresh_readings_and_the_least_pause() -> None:
    words = told(seen(-1, fresh=0), seen(50, fresh=1), seen(50, fresh=2), step_s=60)
    assert words == [State.UNKNOWN, State.UNKNOWN, State.FREE]
    words = told(seen(50), seen(-1), *[seen(50)] * 7)
    assert changes(words) == [1, 7]


@pytest.mark.parametrize("capacity", [1, 2, 3, 4, 5, 6, 10, 50, 100, 800])
def test_every_lot_can_be_full_and_can_stop_being_full(capacity: int) -> None:
    enter, leave = full_limits(np.array([capacity]), LIMITS)
    assert 0 <= enter[0] < leave[0] <= capacity
    assert told(seen(0, capacity))[-1] is State.FULL
    assert told(seen(0, capacity), *[seen(capacity, capacity)] * 121)[-1] is State.FREE


series = st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 40)), min_size=2, max_size=40)


@settings(max_examples=150, deadline=None)
@given(
    capacity=st.sampled_from([20, 60, 100, 300, 800]),
    limit=st.sampled_from(["full_enter", "full_leave", "free_leave", "free_enter"]),
    swings=series,
)
def test_a_series_around_a_limit_changes_the_word_at_most_twice_in_ten_minutes(
    capacity: int, limit: str, swings: list[tuple[int, int]]
) -> None:
    enter, leave = (float(column[0]) for column in full_limits(np.array([capacity]), LIMITS))
    middle = {
        "full_enter": enter,
        "full_leave": leave,
        "free_leave": LIMITS.free_leave_share * capacity,
        "free_enter": LIMITS.free_enter_share * capacity,
    }[limit]
    step = max(1.0, capacity * 0.01)
    looks = [
        seen(int(min(capacity, max(0, middle + swing * step))), capacity)
        for swing, ticks in swings
        for _ in range(ticks)
    ]
    when = changes(told(seen(capacity // 2, capacity), *looks))
    for third in range(2, len(when)):
        assert (when[third] - when[third - 2]) * TICK_S >= LIMITS.calm_s


looks_strategy = st.lists(
    st.builds(
        seen,
        free=st.integers(-1, 60),
        capacity=st.just(60),
        closed=st.booleans(),
        fresh=st.integers(0, 3),
        p_free=st.sampled_from([0.1, 0.5, 0.7, 1.0]),
    ),
    max_size=60,
)


@settings(max_examples=100, deadline=None)
@given(looks=looks_strategy)
def test_rows_that_do_not_wait_stay_as_they_are_while_nothing_new_is_seen(looks: list[Seen]) -> None:
    words = first_words(1)
    for tick, look in enumerate(looks):
        words, waiting = next_words(tick * TICK_S, words, look, LIMITS)
        if not waiting[0]:
            later, _ = next_words(tick * TICK_S + 3600.0, words, look, LIMITS)
            assert later.word[0] == words.word[0]


@settings(max_examples=100, deadline=None)
@given(looks=looks_strategy)
def test_no_word_promises_what_is_not_there(looks: list[Seen]) -> None:
    for look, word in zip(looks, told(*looks), strict=True):
        if look.closed[0]:
            assert word is State.CLOSED
        elif look.free[0] < 0:
            assert word is State.UNKNOWN
        elif look.free[0] <= 2:
            assert word in (State.FULL, State.UNKNOWN)
