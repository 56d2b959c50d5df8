"""The chance of a free bay on arrival."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from forecast import Forecaster

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
CAPACITY = np.array([100.0, 100.0, 100.0, 0.0])


@pytest.fixture
def forecaster() -> Forecaster:
    """A lot with room, one all but full, a full one, and one without bays."""
    made = Forecaster(CAPACITY, "DE", "Europe/Berlin")
    made.observe(NOON, [40, 97, 100, 0])
    return made


def test_room_now_is_room_soon_and_a_full_lot_stays_full(forecaster: Forecaster) -> None:
    room, tight, full, none = forecaster.p_free(NOON, 5)
    assert room > 0.999
    assert 0.6 < tight < 1.0
    assert full < 0.4
    assert none < 0.1


def test_more_spaces_are_less_likely(forecaster: Forecaster) -> None:
    assert (np.diff([forecaster.p_free(NOON, 10, spaces)[1] for spaces in (1, 2, 5, 20)]) < 0).all()


def test_the_far_future_is_less_certain(forecaster: Forecaster) -> None:
    soon, late = forecaster.p_free(NOON, 2), forecaster.p_free(NOON, 120)
    assert late[1] < soon[1]
    assert late[2] > soon[2]


def test_rows_may_ask_for_any_lot_at_any_time(forecaster: Forecaster) -> None:
    rows = forecaster.p_free_rows(NOON, np.array([2, 0, 2]), np.array([5.0, 5.0, 0.0]))
    assert rows[0] == forecaster.p_free(NOON, 5)[2]
    assert rows[1] == forecaster.p_free(NOON, 5)[0]
    assert rows.shape == (3,)


def test_the_newest_estimate_counts_at_once(forecaster: Forecaster) -> None:
    lots, minutes = np.array([1]), np.array([3.0])
    later = NOON + timedelta(minutes=3)
    emptier = forecaster.p_free_rows(later, lots, minutes, taken=np.array([40.0, 80, 100, 0]), sd=np.zeros(4))
    fuller = forecaster.p_free_rows(later, lots, minutes, taken=np.array([40.0, 100, 100, 0]), sd=np.zeros(4))
    assert fuller[0] < 0.5 < emptier[0]


def test_an_unsure_estimate_makes_the_chance_unsure(forecaster: Forecaster) -> None:
    lots, minutes, taken = np.array([0]), np.array([3.0]), np.array([90.0, 97, 100, 0])
    sure, unsure = (
        forecaster.p_free_rows(NOON, lots, minutes, taken=taken, sd=np.full(4, sd))[0] for sd in (0.5, 20.0)
    )
    assert 0.5 < unsure < sure
