"""The parts of the forecast: calendars, scores, profile."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from forecast import Scorer
from forecast.bands import Bands
from forecast.calendars import easter, get_calendar
from forecast.profile import Profile
from parking.domain.calendar import DayType

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "day",
    [date(2000, 4, 23), date(2016, 3, 27), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)],
)
def test_easter_falls_on_its_day(day: date) -> None:
    assert easter(day.year) == day


@pytest.mark.parametrize(
    ("region", "days"),
    [
        ("DE", ["2026-01-01", "2026-04-03", "2026-05-01", "2026-05-14", "2026-05-25", "2026-10-03", "2026-12-26"]),
        ("DE-SN", ["2026-10-31", "2026-11-18", "2023-11-22", "2022-11-16"]),
        ("DE-BY", ["2026-01-06", "2026-06-04", "2026-08-15", "2026-11-01"]),
        ("DE-NW", ["2026-06-04", "2026-11-01"]),
        ("GB-ENG", ["2016-08-29", "2021-12-27", "2021-12-28", "2022-01-03", "2026-05-04", "2026-05-25", "2026-12-28"]),
    ],
)
def test_regions_keep_their_holidays(region: str, days: list[str]) -> None:
    calendar = get_calendar(region, BERLIN)
    assert {calendar.day_type(date.fromisoformat(day)) for day in days} == {DayType.HOLIDAY}


def test_other_regions_work_on_them() -> None:
    calendar = get_calendar("DE", BERLIN)
    assert {calendar.day_type(date(2026, 6, 4)), calendar.day_type(date(2026, 1, 6))} == {DayType.WORKDAY}


def test_a_kind_of_day_never_seen_is_filled_from_the_others_and_rests_on_less() -> None:
    profile = Profile(1, 288)
    for slot in range(288):
        profile.learn(slot, np.array([0.4]), np.ones(1), np.ones(1))
    (workday, sunday), (known, guessed) = profile.read(np.array([100, 2 * 288 + 100]))
    assert workday[0] == pytest.approx(0.4)
    assert sunday[0] == pytest.approx(0.4)
    assert known[0] == pytest.approx(1.0)
    assert 0 < guessed[0] < 0.5


def test_a_source_that_speaks_each_quarter_leaves_no_holes() -> None:
    profile = Profile(1, 288)
    for slot in range(0, 288, 3):
        profile.learn(slot, np.array([0.4]), np.full(1, 3.0), np.ones(1))
    fill, seen = profile.read(np.arange(288))
    assert np.allclose(fill, 0.4)
    assert (seen[3:-3] > 0.9).all()
    assert (seen > 0.3).all()


def test_old_days_fade() -> None:
    profile = Profile(1, 288)
    for day in range(60):
        for slot in range(288):
            profile.learn(slot, np.array([0.2 if day < 30 else 0.6]), np.ones(1), np.ones(1))
    fill, seen = profile.read(np.array([100]))
    assert fill[0, 0] > 0.5
    assert seen[0, 0] == pytest.approx(19, abs=1)


def test_bands_learn_to_cover_what_they_say() -> None:
    """Errors twice as large as the first guess, and skewed: afterwards 80 % lie within the 80 % band."""
    rng = np.random.default_rng(3)
    bands = Bands((30,), 50)
    inside = []
    for n in range(4000):
        error = (rng.exponential(0.06, (1, 50)) - 0.02) * (1 + n % 2)
        low, high = (bands.spread[0] * bands.quantile[level] for level in (2, 10))
        inside.append(((error >= low) & (error <= high)).mean())
        bands.learn(0, error, np.ones((1, 50)))
    assert np.mean(inside[1000:]) == pytest.approx(0.8, abs=0.02)
    assert (np.diff(bands.quantile, axis=0) >= 0).all()


def test_scores_stand_beside_same_as_now() -> None:
    scorer = Scorer(np.array([100.0, 50.0]), (5, 10))
    for slot, truth in enumerate([[10, 10], [20, 10], [30, np.nan], [40, 10]]):
        now = np.array(truth, dtype=float)
        point = np.stack([now + 10, now + 20], axis=1)
        scorer.hear(slot, now, point - 1, point, point + 1)
    five, ten = scorer.scores()
    # Lot 1 is always right; lot 2 never moved, so the point is 10 of 50 too high in its one pair at 5 min.
    assert (five.pairs, ten.pairs) == (4, 3)
    assert five.mae == pytest.approx(100 * (0 + 0 + 0 + 0.2) / 4)
    assert five.same_as_now == pytest.approx(100 * (0.1 * 3 + 0) / 4)
    assert five.covered_share == pytest.approx(3 / 4)
    assert ten.same_as_now == pytest.approx(100 * (0.2 * 2 + 0) / 3)


def test_slots_left_out_are_not_scored_and_a_restart_keeps_the_sums() -> None:
    scorer, after = (Scorer(np.array([100.0]), (5, 15)) for _ in range(2))
    for slot in (0, 1, 5):
        one = np.array([float(slot)])
        scorer.hear(slot, one, *(np.full((1, 2), slot + d) for d in (-1.0, 0.0, 1.0)))
    assert [score.pairs for score in scorer.scores()] == [1, 0]
    after.load(scorer.save())
    assert after.scores()[0] == scorer.scores()[0]
    assert np.isnan(after.scores()[1].mae)
