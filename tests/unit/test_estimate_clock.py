"""A clock that is off makes every message late by as much; a late message and a backlog do not."""

import pytest

from parking.domain.ids import DeviceId
from sensors.estimate_clock import Clocks
from sensors.estimate_gates import GateTotals, Passed, Restarted
from tests.makers import a_gate_reading, at

GATE = DeviceId("gate-P01")
HOUR = 3600.0


def heard(clocks: Clocks, off_s: float, since_s: float, times: int, every_s: float = 15.0) -> float:
    """When the last of so many messages is taken to have been said, against its arrival."""
    found = 0.0
    for n in range(times):
        received = since_s + n * every_s
        found = received - clocks.at(GATE, received - off_s, received)
    return found


@pytest.mark.parametrize("off_s", [HOUR, -HOUR, 300.0, -60.0])
def test_a_clock_that_is_off_is_set_right_within_two_minutes(off_s: float) -> None:
    clocks = Clocks()
    heard(clocks, 0.5, 0, 20)
    assert heard(clocks, off_s, 1000, 8) == pytest.approx(0, abs=1)
    ((device, since_s, behind_s),) = clocks.wrong()
    assert (device, behind_s) == (GATE, off_s)
    assert 1000 <= since_s <= 1120


def test_a_clock_that_was_put_right_is_right() -> None:
    clocks = Clocks()
    heard(clocks, HOUR, 0, 10)
    assert list(clocks.wrong())
    assert heard(clocks, 0.5, 1000, 10) == pytest.approx(0.5)
    assert not list(clocks.wrong())


def test_late_messages_between_others_move_no_clock() -> None:
    clocks = Clocks()
    for n in range(100):
        late_s = 170.0 if n % 5 == 0 else 1.0
        assert clocks.at(GATE, 15.0 * n - late_s, 15.0 * n) == 15.0 * n - late_s
    assert not list(clocks.wrong())


def test_a_backlog_that_comes_at_once_moves_no_clock() -> None:
    clocks = Clocks()
    for n in range(200):
        clocks.at(GATE, 1000.0 + 15 * n, 4000.0 + 0.01 * n)
    assert not list(clocks.wrong())


def test_nothing_happens_after_it_is_heard_of() -> None:
    assert Clocks().at(GATE, 100.0, 40.0) == 40.0


def test_what_is_known_of_clocks_survives_a_restart() -> None:
    before, after = Clocks(), Clocks()
    heard(before, HOUR, 0, 10)
    after.load(before.save())
    assert after.at(GATE, 5000.0 - HOUR, 5000.0) == before.at(GATE, 5000.0 - HOUR, 5000.0) == 5000.0


def totals(*pairs: tuple[int, int], capacity: float = 300) -> Passed | Restarted | None:
    gates, found = GateTotals(), None
    for n, (entered, left) in enumerate(pairs):
        found = gates.take(a_gate_reading(entered, left, at(30 * n), seq=n), at(30 * n).timestamp(), capacity)
    return found


@pytest.mark.parametrize("size", [2**16, 2**24, 2**32])
def test_a_meter_that_is_full_goes_round_and_loses_no_car(size: int) -> None:
    found = totals((size - 3, 40), (4, 42))
    assert isinstance(found, Passed)
    assert (found.net, found.passages) == (5, 9)


def test_both_meters_may_go_round_at_once() -> None:
    found = totals((2**16 - 2, 2**16 - 5), (3, 1))
    assert isinstance(found, Passed)
    assert (found.net, found.passages) == (-1, 11)


@pytest.mark.parametrize("before", [(500, 400), (30_000, 29_900), (65_000 - 9_000, 100)])
def test_a_meter_that_was_not_full_was_reset(before: tuple[int, int]) -> None:
    assert isinstance(totals(before, (2, 1)), Restarted)


def test_more_cars_than_a_lot_has_bays_have_not_come_round() -> None:
    assert isinstance(totals((2**16 - 1, 40), (1_500, 41)), Restarted)
