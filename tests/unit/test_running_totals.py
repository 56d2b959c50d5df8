"""Counters that wrap, or count each interval anew, become running totals that the gate filter understands."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parking.domain.device import DeviceKind
from parking.domain.ids import DeviceId, LotId
from parking.domain.reading import CounterReading
from parking.domain.settings import EstimateSettings
from parking.pack import pack, unpack
from sensors.estimate import Estimator
from sensors.running_totals import RunningTotals
from tests.makers import NOON, a_count_reading, a_device, a_lot, at

WRAPS = 65_536


def a_counter(entered: int, seq: int, *, when: datetime | None = None, **changes: object) -> CounterReading:
    """A 16-bit counter of P01's entrance."""
    when = when or at(60.0 * seq)
    fields: dict[str, Any] = {"device": DeviceId("gate-P01"), "boot": 7, "seq": seq, "at": when, "received_at": when}
    return CounterReading(**fields | {"lot": LotId("P01"), "entered": entered, "left": 0, "wraps_at": WRAPS} | changes)


def test_a_counter_that_wraps_goes_on_counting() -> None:
    totals = RunningTotals()
    heard = [totals.take(a_counter(entered, seq)) for seq, entered in enumerate((65_530, 65_535, 2, 2))]
    assert [one.entered for one in heard if one] == [65_530, 65_535, 65_538, 65_538]


def test_what_each_interval_counted_adds_up() -> None:
    totals = RunningTotals()
    heard = [totals.take(a_counter(entered, seq, wraps_at=0)) for seq, entered in enumerate((5, 0, 7))]
    assert [one.entered for one in heard if one] == [5, 5, 12]


def test_a_resend_and_a_late_message_change_nothing() -> None:
    totals = RunningTotals()
    assert totals.take(a_counter(5, 1, wraps_at=0)) is not None
    again = a_counter(5, 1, when=at(63), wraps_at=0)
    late = a_counter(9, 0, wraps_at=0)
    assert (totals.take(again), totals.take(late)) == (None, None)
    following = totals.take(a_counter(1, 2, wraps_at=0))
    assert following is not None
    assert following.entered == 6


def test_a_new_session_begins_anew_and_says_so() -> None:
    totals = RunningTotals()
    totals.take(a_counter(60_000, 1))
    anew = totals.take(a_counter(3, 0, boot=8, when=at(120)))
    assert anew is not None
    assert (anew.boot, anew.entered) == (8, 3)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.integers(0, WRAPS - 1))
def test_wherever_a_counter_begins_the_cars_between_are_those_that_passed(passed: list[int], first: int) -> None:
    totals = RunningTotals()
    shown, told = first, []
    for seq, cars in enumerate([0, *passed]):
        shown = (shown + cars) % WRAPS
        if seq == 3:  # a restart of the service in between
            state, totals = unpack(pack(totals.save())), RunningTotals()
            totals.load(state)
        told.append(totals.take(a_counter(shown, seq)))
    assert [one.entered - first for one in told if one] == [sum(passed[:n]) for n in range(len(passed) + 1)]


def an_estimator() -> Estimator:
    return Estimator(
        [a_lot("P01", capacity=200)],
        [
            a_device("gate-P01", lots=["P01"]),
            a_device("barrier-P01", lots=["P01"], kind=DeviceKind.BARRIER_SYSTEM),
        ],
        EstimateSettings(),
    )


def taken(estimator: Estimator, when: datetime) -> tuple[float, float]:
    found = estimator.estimate(when)
    return float(found.taken[0]), float(found.sd[0])


def test_a_lot_whose_counter_wraps_gains_the_cars_that_came_and_no_more() -> None:
    estimator = an_estimator()
    estimator.take(a_count_reading(50))
    estimator.take(a_counter(65_534, 1))
    estimator.take(a_counter(4, 2))
    mean, sd = taken(estimator, at(130))
    assert 55 <= mean <= 57
    assert sd < 10


def test_a_counter_that_lost_its_power_makes_the_lot_unsure_and_moves_nothing() -> None:
    estimator = an_estimator()
    estimator.take(a_count_reading(50))
    estimator.take(a_counter(30_000, 1))
    estimator.take(a_counter(4, 2))
    mean, sd = taken(estimator, at(130))
    assert 49 <= mean <= 51
    assert sd > 10


def test_an_estimator_that_was_saved_goes_on_where_the_counter_stood() -> None:
    estimator, other = an_estimator(), an_estimator()
    for one in (a_count_reading(50), a_counter(65_534, 1)):
        estimator.take(one)
    other.load(unpack(pack(estimator.save())))
    for one in (estimator, other):
        one.take(a_counter(4, 2))
    assert taken(estimator, at(130)) == taken(other, at(130))


def test_a_state_from_before_there_were_counters_is_taken() -> None:
    state = an_estimator().save()
    del state["totals"]
    an_estimator().load(state)


def test_a_counter_that_ran_before_a_count_still_gives_life() -> None:
    estimator = an_estimator()
    estimator.take(a_counter(5, 1, when=NOON))
    assert estimator.estimate(NOON + timedelta(seconds=30)).heard_s[0] == NOON.timestamp()
