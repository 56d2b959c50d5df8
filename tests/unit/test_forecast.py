"""Forecasts that are honest: bands in order, nothing of the future, the same however they were learnt."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from forecast import Forecaster
from parking.domain.errors import BadJournal, NotAllowed, NotFound, TooFewSlots
from parking.pack import pack, unpack

F64 = NDArray[np.float64]

MONDAY = datetime(2026, 5, 3, 22, tzinfo=UTC)
"""Monday 4 May 2026, 0:00 in Saxony."""
HORIZONS = (5, 15, 30, 60, 120, 360, 1440)
QUANTILES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
CAPACITY = np.array([200.0, 60.0, 400.0])
SLOT = timedelta(minutes=5)


def a_forecaster(capacity: F64 = CAPACITY) -> Forecaster:
    return Forecaster(capacity, "DE-SN", "Europe/Berlin")


def days(count: float, seed: int = 1, capacity: F64 = CAPACITY) -> tuple[list[datetime], F64]:
    """Lots that fill until one o'clock, half as much at weekends, with noise that lasts some hours."""
    rng = np.random.default_rng(seed)
    times = [MONDAY + n * SLOT for n in range(int(288 * count))]
    hour = np.arange(len(times))[:, np.newaxis] / 12 % 24
    weekend = (np.arange(len(times))[:, np.newaxis] // 288 % 7) >= 5
    usual = 0.15 + 0.6 * np.exp(-(((hour - 13) / 3.5) ** 2)) * np.where(weekend, 0.5, 1.0)
    noise = np.zeros((len(times), len(capacity)))
    for n in range(1, len(times)):
        noise[n] = 0.98 * noise[n - 1] + rng.normal(0, 0.01, len(capacity))
    return times, np.rint(np.clip(usual + noise, 0, 1) * capacity)


def taught(count: float) -> tuple[Forecaster, datetime]:
    forecaster = a_forecaster()
    times, taken = days(count)
    forecaster.learn(times, taken)
    return forecaster, times[-1]


def test_bands_are_in_order_and_within_the_lot() -> None:
    forecaster, at = taught(2.5)
    found = forecaster.predict(at, HORIZONS, QUANTILES)
    assert found.shape == (3, 7, 9)
    assert (np.diff(found, axis=2) >= 0).all()
    assert ((found >= 0) & (found <= CAPACITY[:, np.newaxis, np.newaxis])).all()


def test_the_first_slot_of_all_is_forecast_as_now_with_a_band() -> None:
    forecaster = a_forecaster()
    forecaster.observe(MONDAY, [100, 30, 399])
    found = forecaster.predict(MONDAY, HORIZONS, QUANTILES)
    assert np.allclose(found[:, :, 4], np.array([[100], [30], [399]]))
    width = found[:, :, 8] - found[:, :, 0]
    assert (np.diff(width[0]) >= 0).all()
    assert (width > 0).all()


def test_a_lot_nobody_ever_heard_of_may_hold_anything() -> None:
    forecaster = a_forecaster()
    forecaster.observe(MONDAY, [100, np.nan, 399])
    low, high = forecaster.predict(MONDAY, (60,), (0.1, 0.9))[1, 0]
    assert high - low > 0.4 * CAPACITY[1]


def test_an_empty_town_is_forecast_too() -> None:
    forecaster = a_forecaster()
    assert forecaster.predict(MONDAY, HORIZONS, QUANTILES).shape == (3, 7, 9)


def test_after_a_week_a_morning_is_known_to_fill() -> None:
    forecaster, _ = taught(7 + 8 / 24)
    at = MONDAY + timedelta(days=7, hours=8)
    times, taken = days(8)
    now = taken[times.index(at)]
    noon = taken[times.index(at + timedelta(hours=4))]
    found = forecaster.predict(at, (240,), (0.5,))[:, 0, 0]
    assert (np.abs(found - noon) < 0.5 * np.abs(now - noon)).all()


def test_learning_at_once_is_observing_slot_by_slot() -> None:
    times, taken = days(2)
    at_once, by_slot = a_forecaster(), a_forecaster()
    at_once.learn(times, taken)
    for at, row in zip(times, taken, strict=True):
        by_slot.observe(at, row)
    assert np.array_equal(
        at_once.predict(times[-1], HORIZONS, QUANTILES), by_slot.predict(times[-1], HORIZONS, QUANTILES)
    )


@given(cut=st.integers(2, 330), seed=st.integers(0, 3))
@settings(deadline=None, max_examples=6)
def test_a_forecast_knows_nothing_later_than_its_origin(cut: int, seed: int) -> None:
    times, taken = days(1.2)
    changed = taken.copy()
    changed[cut:] = np.random.default_rng(seed).uniform(0, 60, changed[cut:].shape)
    found = []
    for past in (taken, changed):
        forecaster = a_forecaster()
        for at, row in zip(times[:cut], past[:cut], strict=True):
            forecaster.observe(at, row)
        found.append(forecaster.predict(times[cut - 1], HORIZONS, QUANTILES))
        forecaster.learn(times[cut:], past[cut:])
        with pytest.raises(NotAllowed, match="ask from there"):
            forecaster.predict(times[cut - 1], HORIZONS, QUANTILES)
    assert np.array_equal(*found)


def test_a_slot_is_observed_once() -> None:
    forecaster = a_forecaster()
    forecaster.observe(MONDAY, [1, 2, 3])
    with pytest.raises(NotAllowed, match="observe in order"):
        forecaster.observe(MONDAY + timedelta(minutes=4), [1, 2, 3])


def test_asking_changes_nothing() -> None:
    asked, silent = a_forecaster(), a_forecaster()
    times, taken = days(1.2)
    for at, row in zip(times, taken, strict=True):
        asked.observe(at, row)
        silent.observe(at, row)
        asked.predict(at, (10, 45), (0.25,))
        asked.p_free(at, 12)
    assert pack(asked.save()) == pack(silent.save())


def test_a_restart_forecasts_the_same() -> None:
    before, at = taught(1.5)
    after = a_forecaster()
    after.load(unpack(pack(before.save())))
    times, taken = days(2)
    for forecaster in (before, after):
        forecaster.learn(times[int(1.5 * 288) :], taken[int(1.5 * 288) :])
    assert at < times[-1]
    assert np.array_equal(before.predict(times[-1], HORIZONS, QUANTILES), after.predict(times[-1], HORIZONS, QUANTILES))
    assert pack(before.save()) == pack(after.save())


def test_horizons_and_levels_between_lie_between() -> None:
    forecaster, at = taught(2.5)
    found = forecaster.predict(at, (30, 45, 60), (0.1, 0.15, 0.2))
    width = found[:, :, 2] - found[:, :, 0]
    assert ((found[:, :, 1] >= found[:, :, 0]) & (found[:, :, 1] <= found[:, :, 2])).all()
    assert (width[:, 1] >= np.minimum(width[:, 0], width[:, 2]) - 1e-9).all()


def test_a_silent_lot_returns_to_its_profile_with_a_wider_band() -> None:
    times, taken = days(7.5)
    taken[-1] = np.minimum(taken[-1] + 0.2 * CAPACITY, CAPACITY)
    forecaster = a_forecaster()
    forecaster.learn(times, taken)
    heard = forecaster.predict(times[-1], (60,), (0.1, 0.5, 0.9))[:, 0]
    for hours in range(1, 6 * 12):
        forecaster.observe(times[-1] + hours * SLOT, np.full(3, np.nan))
    silent_at = times[-1] + 71 * SLOT
    silent = forecaster.predict(silent_at, (60,), (0.1, 0.5, 0.9))[:, 0]
    assert (silent[:, 2] - silent[:, 0] > heard[:, 2] - heard[:, 0]).all()
    usual = 0.15 * CAPACITY + 0.6 * CAPACITY * np.exp(-((6 / 3.5) ** 2))
    assert (np.abs(silent[:, 1] - usual) < 0.3 * np.abs(taken[-1] - usual)).all()


def test_a_pause_of_the_service_is_no_observation() -> None:
    forecaster, at = taught(1.5)
    later = at + timedelta(hours=30)
    forecaster.observe(later, [50, 20, 100])
    found = forecaster.predict(later, HORIZONS, QUANTILES)
    assert np.isfinite(found).all()
    assert np.allclose(found[:, 0, 4], [50, 20, 100], rtol=0.1)


def test_a_distrusted_value_teaches_nothing() -> None:
    times, taken = days(1)
    honest, lied_to = a_forecaster(), a_forecaster()
    hidden, lies = taken.copy(), taken.copy()
    hidden[100:150, 1] = np.nan
    lies[100:150, 1] = 60
    trust = np.ones_like(taken)
    trust[100:150, 1] = 0.0
    honest.learn(times, hidden)
    lied_to.learn(times, lies, trust)
    assert pack(honest.save()) == pack(lied_to.save())


def test_a_fitted_model_teaches_a_forecaster_that_has_seen_nothing() -> None:
    teacher, at = taught(8)
    fresh = a_forecaster()
    fresh.use(teacher.refit().coefficients)
    _, taken = days(8)
    for forecaster, past in ((fresh, at), (teacher, None)):
        if past:
            forecaster.observe(past, taken[-1])
    learnt = fresh.predict(at, (60, 360), (0.5,))
    assert np.abs(learnt - teacher.predict(at, (60, 360), (0.5,))).max() < 0.1 * CAPACITY.max()
    assert teacher.refit() == teacher.refit()
    assert teacher.refit().fitted_at == at


def test_a_model_of_another_town_or_version_is_refused() -> None:
    model = taught(2)[0].refit()
    with pytest.raises(BadJournal, match="of other lots"):
        a_forecaster(np.array([10.0])).use(model)
    for data in (b"", b"{}\n", b'{"model": "other", "arrays": []}\n', model.coefficients[:-8]):
        with pytest.raises(BadJournal, match=r"fit again"):
            a_forecaster().use(data)


def test_half_a_day_is_too_little_to_fit() -> None:
    with pytest.raises(TooFewSlots):
        taught(0.5)[0].refit()


def test_an_unknown_region_says_what_to_do() -> None:
    with pytest.raises(NotFound, match="pass the town's own Calendar"):
        Forecaster(CAPACITY, "CN", ZoneInfo("Asia/Shanghai"))
