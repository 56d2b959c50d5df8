"""Forecasts of real lots, learnt from their past alone, against "same as now"."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from forecast import Forecaster, Scorer
from forecast.score import Score
from parking.recorded import Recording, read_recording

BEGINS = datetime(2026, 5, 3, 22, tzinfo=UTC)
"""Monday 4 May 2026, 0:00 in Dresden: a week without a holiday."""
ENDS = BEGINS + timedelta(days=7)
HORIZONS = (5, 30, 60, 120)


@pytest.fixture(scope="module")
def dresden(shared: Path) -> Recording:
    return read_recording(shared / "data" / "parking" / "dresden.csv.gz")


def scored(recording: Recording, history: timedelta) -> dict[int, Score]:
    """The week, slot by slot: forecast from what is known, score what has come."""
    capacity = np.array([lot.capacity for lot in recording.town.lots], dtype=np.float64)
    forecaster = Forecaster(capacity, recording.town.calendar, recording.timezone)
    forecaster.learn(*recording.slots(BEGINS - history, BEGINS))
    scorer = Scorer(capacity, HORIZONS)
    for at, taken in zip(*recording.slots(BEGINS, ENDS), strict=True):
        forecaster.observe(at, taken)
        bands = forecaster.predict(at, HORIZONS, (0.1, 0.5, 0.9))
        scorer.hear(int(at.timestamp()) // 300, taken, bands[:, :, 0], bands[:, :, 1], bands[:, :, 2])
    return {score.horizon_min: score for score in scorer.scores()}


def test_within_its_very_first_week_it_beats_same_as_now(dresden: Recording) -> None:
    scores = scored(dresden, timedelta(0))
    assert scores[30].pairs > 15_000
    assert scores[5].mae < 1.02 * scores[5].same_as_now
    assert scores[30].mae < 0.93 * scores[30].same_as_now
    assert scores[60].mae < 0.88 * scores[60].same_as_now
    assert 0.74 < scores[60].covered_share < 0.86


def test_with_two_weeks_behind_it_is_clearly_better(dresden: Recording) -> None:
    scores = scored(dresden, timedelta(days=14))
    assert scores[5].mae < 1.02 * scores[5].same_as_now
    assert scores[30].mae < 0.85 * scores[30].same_as_now
    assert scores[60].mae < 0.74 * scores[60].same_as_now
    assert scores[120].mae < 0.65 * scores[120].same_as_now
    assert all(0.76 < score.covered_share < 0.84 for score in scores.values())
