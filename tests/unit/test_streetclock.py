"""Street time: one formula for every process of a run."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parking.domain.grid import grid_after
from parking.streetclock import StreetClock, StreetTime, begin, real_time

T0 = datetime(2026, 5, 2, 1, 50, tzinfo=UTC)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


def test_sixty_machine_seconds_are_an_hour_at_times_sixty() -> None:
    street = StreetTime(T0, m0=1000.0, speed=60.0)
    assert street.at(1060.0) == T0 + timedelta(hours=1)
    assert street.machine_s(T0 + timedelta(hours=1)) == 1060.0


def test_live_service_reads_the_machines_clock() -> None:
    assert real_time().at(1_750_000_000.0) == datetime.fromtimestamp(1_750_000_000, UTC)


@given(at=TIMES, step_s=st.sampled_from([1, 5, 60, 300]))
def test_the_next_instant_of_the_grid_is_later_and_at_most_one_step_away(at: datetime, step_s: int) -> None:
    after = grid_after(at, step_s)
    assert at < after <= at + timedelta(seconds=step_s)
    assert after.timestamp() % step_s == 0


async def test_a_time_that_has_passed_is_not_waited_for() -> None:
    clock = StreetClock(begin(T0, 60.0))
    await clock.sleep_until(T0)
    assert clock.now() >= T0


async def test_a_street_minute_at_times_sixty_thousand_passes_at_once() -> None:
    clock = StreetClock(begin(T0, 60_000.0))
    await clock.sleep_until(T0 + timedelta(minutes=1))
    assert clock.now() >= T0 + timedelta(minutes=1)
