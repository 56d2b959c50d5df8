"""A forecast in words: when a lot will be full, early and late."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from parking.domain.forecast import Forecast
from parking.domain.ids import LotId
from parking.web.views.outlook import outlook, points
from tests.makers import NOON

LEVELS = (0.1, 0.5, 0.9)


def a_forecast(*rows: tuple[float, float, float], step_min: int = 30) -> Forecast:
    horizons = tuple(step_min * (i + 1) for i in range(len(rows)))
    return Forecast(LotId("P01"), NOON, horizons, LEVELS, rows, "test")


def test_a_lot_that_fills_is_full_early_late_and_in_the_middle() -> None:
    seen = outlook(a_forecast((60, 80, 100), (80, 100, 100), (98, 100, 100)), 100, 2)
    assert seen.full_earliest == NOON + timedelta(minutes=30)
    assert seen.full_at == NOON + timedelta(minutes=57)
    assert seen.full_latest == NOON + timedelta(minutes=90)


def test_a_lot_that_only_may_fill_is_not_called_full() -> None:
    seen = outlook(a_forecast((40, 60, 99), (40, 60, 100)), 100, 2)
    assert (seen.full_at, seen.full_earliest) == (None, None)


def test_what_comes_after_two_hours_is_not_told_as_soon() -> None:
    assert outlook(a_forecast((50, 50, 50), (99, 99, 99), step_min=150), 100, 2).full_at is None


def test_the_hour_is_the_nearest_horizon_there_is() -> None:
    seen = outlook(a_forecast((10, 20, 30), (20, 30, 40), (30, 40, 50)), 100, 2)
    assert seen.hour is not None
    assert (seen.hour.minutes, seen.hour.free, seen.hour.free_low, seen.hour.free_high) == (60, 70, 60, 80)


@given(
    rows=st.lists(
        st.lists(st.floats(0, 100), min_size=3, max_size=3).map(lambda row: tuple(sorted(row))), min_size=1, max_size=6
    )
)
def test_early_is_never_later_than_the_middle_nor_that_than_late(rows: list[tuple[float, float, float]]) -> None:
    seen = outlook(a_forecast(*rows, step_min=20), 100, 2)
    times = [time for time in (seen.full_earliest, seen.full_at, seen.full_latest) if time is not None]
    assert times == sorted(times)
    assert all(0 <= p.free_low <= p.free <= p.free_high <= 100 for p in points(a_forecast(*rows), 100))
