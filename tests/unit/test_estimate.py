"""What a lot holds, by gates and absolute counts, and how far that may be trusted."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

import numpy as np
import pytest

from parking.domain.device import Device, DeviceKind
from parking.domain.ids import DeviceId, LotId
from parking.domain.lot import BayClass, Lot
from parking.domain.occupancy import QUALITIES, Quality
from parking.domain.reading import CountReading, CountSource
from parking.domain.settings import EstimateSettings
from sensors.estimate import Estimator
from tests.makers import NOON, SHANGHAI, a_count_reading, a_device, a_gate_reading, a_lot, a_shared_lot, a_status, at

GATE = a_device("gate-P01", lots=["P01"])
BARRIER = a_device("barrier-P01", lots=["P01"], kind=DeviceKind.BARRIER_SYSTEM, period=timedelta(minutes=5))
PATROL = a_device("patrol-1", lots=["P01"], kind=DeviceKind.PERSON, period=timedelta(days=1))


def an_estimator(*devices: Device, lots: Sequence[Lot] = ()) -> Estimator:
    return Estimator(lots or [a_lot()], devices or (GATE, BARRIER), EstimateSettings(), SHANGHAI)


def taken(estimator: Estimator, seconds: float = 0) -> float:
    return float(estimator.estimate(at(seconds)).taken[0])


def sd(estimator: Estimator, seconds: float = 0) -> float:
    return float(estimator.estimate(at(seconds)).sd[0])


def judged(estimator: Estimator, seconds: float = 0) -> tuple[Quality, str]:
    found = estimator.estimate(at(seconds))
    return QUALITIES[found.quality[0]], found.reason[0]


def a_camera_count(count: int, seconds: float, **changes: Any) -> CountReading:  # noqa: ANN401 -- a reading's fields
    return a_count_reading(count, at(seconds), source=CountSource.CAMERA, **changes)


def test_nobody_knows_a_lot_that_was_never_counted() -> None:
    estimator = an_estimator()
    estimator.take(a_gate_reading(10, 2))
    estimator.take(a_gate_reading(20, 2, at(30)))
    assert judged(estimator, 35) == (Quality.UNKNOWN, "never_counted")


def test_a_lot_nobody_ever_spoke_for_has_no_age() -> None:
    assert np.isnan(an_estimator().estimate(NOON).heard_s[0])


def test_gates_carry_on_from_a_count() -> None:
    estimator = an_estimator()
    estimator.take(a_count_reading(40))
    estimator.take(a_gate_reading(100, 60, at(1)))
    estimator.take(a_gate_reading(107, 62, at(31)))
    assert taken(estimator, 35) == pytest.approx(45)
    assert judged(estimator, 35) == (Quality.LIVE, "")


def test_a_lost_message_of_a_gate_costs_nothing() -> None:
    everything, with_a_loss = an_estimator(), an_estimator()
    totals = [(100, 60), (110, 61), (125, 64)]
    for estimator, heard in ((everything, totals), (with_a_loss, totals[::2])):
        estimator.take(a_count_reading(40))
        for n, (entered, left) in enumerate(heard):
            estimator.take(a_gate_reading(entered, left, at(30 * (n + 1))))
    assert taken(everything, 95) == taken(with_a_loss, 95)


@pytest.mark.parametrize(
    ("entered", "left", "boot"),
    [(3, 1, 2), (2, 60, 1), (100, 0, 1), (5_000, 60, 1)],
    ids=["new boot", "16 bits wrapped", "totals fell", "more cars than bays"],
)
def test_a_counter_that_begins_anew_makes_no_jump_but_is_trusted_less(entered: int, left: int, boot: int) -> None:
    estimator = an_estimator()
    estimator.take(a_count_reading(40))
    estimator.take(a_gate_reading(100, 60, at(1)))
    before = sd(estimator, 5)
    estimator.take(a_gate_reading(entered, left, at(31), boot=boot))
    assert taken(estimator, 35) == pytest.approx(40)
    assert sd(estimator, 35) > before
    estimator.take(a_gate_reading(entered + 4, left, at(61), boot=boot, seq=2))
    assert taken(estimator, 65) == pytest.approx(44)


def test_a_late_gate_reading_does_not_make_the_present_jump() -> None:
    estimator = an_estimator()
    estimator.take(a_count_reading(40))
    estimator.take(a_gate_reading(100, 60, at(10)))
    estimator.take(a_gate_reading(120, 60, at(40)))
    estimator.take(a_gate_reading(105, 60, at(20), received_at=at(50)))
    estimator.take(a_gate_reading(121, 60, at(60)))
    assert taken(estimator, 65) == pytest.approx(61)


def test_a_late_count_does_not_make_the_present_jump() -> None:
    estimator = an_estimator()
    estimator.take(a_count_reading(40, at(300)))
    estimator.take(a_count_reading(90, at(0), received_at=at(310)))
    assert taken(estimator, 315) == 40


def test_an_hour_old_count_of_another_source_moves_little() -> None:
    camera = a_device("camera-P01", lots=["P01"], kind=DeviceKind.CAMERA)
    estimator = an_estimator(BARRIER, camera)
    estimator.take(a_count_reading(40, at(3600)))
    estimator.estimate(at(3600))
    estimator.take(a_camera_count(90, 0, device="camera-P01", received_at=at(3601)))
    assert 40 < taken(estimator, 3605) < 45


def test_a_count_has_already_seen_the_cars_that_passed_before_it() -> None:
    estimator = an_estimator(GATE, BARRIER, PATROL)
    estimator.take(a_count_reading(40))
    estimator.take(a_gate_reading(100, 60, at(0)))
    estimator.estimate(at(3000))
    # The gate is silent for an hour in which 30 cars come; a person counts them just before it speaks again.
    estimator.take(a_count_reading(70, at(3600), device="patrol-1", source=CountSource.PERSON))
    estimator.take(a_gate_reading(130, 60, at(3601)))
    assert taken(estimator, 3605) == pytest.approx(70, abs=1)


def test_counts_are_believed_by_who_counts() -> None:
    moved = {}
    for source in CountSource:
        estimator = an_estimator()
        estimator.take(a_count_reading(40, source=CountSource.CAMERA))
        estimator.take(a_gate_reading(10, 10, at(1)))
        estimator.estimate(at(5))
        estimator.take(a_count_reading(50, at(10), source=source))
        moved[source] = taken(estimator, 10) - 40
    assert 0 < moved[CountSource.CAMERA] < moved[CountSource.BARRIER_SYSTEM] <= moved[CountSource.PERSON] <= 10


def test_a_silent_lot_is_stale_after_its_best_source_falls_silent() -> None:
    estimator = an_estimator()
    estimator.take(a_count_reading(40))
    estimator.take(a_gate_reading(10, 10))
    assert judged(estimator, 121) == (Quality.DEGRADED, "one_source_silent")
    assert judged(estimator, 750)[0] is Quality.DEGRADED
    assert judged(estimator, 751) == (Quality.STALE, "silent")


def test_a_person_who_counted_this_morning_keeps_no_lot_alive() -> None:
    estimator = an_estimator(GATE, PATROL)
    estimator.take(a_gate_reading(10, 10))
    estimator.take(a_count_reading(40, device="patrol-1", source=CountSource.PERSON))
    assert judged(estimator, 100) == (Quality.LIVE, "")
    assert judged(estimator, 200) == (Quality.STALE, "silent")


def test_a_last_will_makes_a_lot_stale_at_once_and_a_remembered_status_does_not_revive_it() -> None:
    estimator = an_estimator(BARRIER)
    estimator.take(a_count_reading(40))
    estimator.take(a_status(False, at(5), device=DeviceId("barrier-P01")))
    assert judged(estimator, 5) == (Quality.STALE, "silent")
    estimator.take(a_status(True, at(6), device=DeviceId("barrier-P01"), retained=True))
    assert judged(estimator, 10) == (Quality.STALE, "silent")
    estimator.take(a_status(True, at(11), device=DeviceId("barrier-P01")))
    assert judged(estimator, 15) == (Quality.LIVE, "")


def test_a_device_that_says_it_speaks_seldom_is_not_called_silent() -> None:
    estimator = an_estimator(BARRIER)
    estimator.take(a_count_reading(40))
    estimator.take(a_status(True, at(1), device=DeviceId("barrier-P01"), period_s=1800.0))
    assert judged(estimator, 1200) == (Quality.LIVE, "")


def test_heartbeats_keep_a_count_alive_but_not_true_for_ever() -> None:
    estimator = an_estimator(BARRIER)
    estimator.take(a_count_reading(40))
    seen = []
    for minute in range(0, 300, 5):
        estimator.take(a_status(True, at(60 * minute), device=DeviceId("barrier-P01")))
        seen.append(judged(estimator, 60 * minute))
    assert seen[0] == (Quality.LIVE, "")
    assert (Quality.DEGRADED, "wide") in seen
    assert seen[-1] == (Quality.UNKNOWN, "wide")


def test_a_gate_that_comes_back_with_its_totals_restores_trust() -> None:
    estimator = an_estimator(GATE, BARRIER)
    estimator.take(a_count_reading(40))
    estimator.take(a_gate_reading(10, 10))
    narrow, wide = sd(estimator, 60), sd(estimator, 3600)
    estimator.take(a_gate_reading(14, 12, at(3601)))
    assert wide > 3 * narrow
    assert sd(estimator, 3605) < 2 * narrow
    assert taken(estimator, 3605) == pytest.approx(42)


def test_signs_can_count_fresh_readings_after_a_silence() -> None:
    estimator = an_estimator(BARRIER)
    fresh = []
    for seconds in (0, 300, 5000, 5300):
        estimator.estimate(at(seconds - 1))
        estimator.take(a_count_reading(40, at(seconds)))
        fresh.append(int(estimator.estimate(at(seconds)).fresh[0]))
    assert fresh == [1, 2, 1, 2]


def test_a_closed_lot_keeps_its_estimate_whatever_its_system_says() -> None:
    lot = a_shared_lot("P01", time(8), time(18))
    estimator = an_estimator(BARRIER, PATROL, lots=[lot])
    estimator.take(a_count_reading(40))
    evening = 7 * 3600
    before = sd(estimator, evening)
    estimator.take(a_count_reading(100, at(evening)))
    assert taken(estimator, evening + 3600) == 40
    assert sd(estimator, evening + 3600) == before
    estimator.take(a_count_reading(12, at(evening + 3700), device="patrol-1", source=CountSource.PERSON))
    assert taken(estimator, evening + 3705) == pytest.approx(12, abs=2)


def test_classes_wait_for_each_other_before_they_count() -> None:
    lot = a_lot(bays={BayClass.GENERAL: 80, BayClass.CHARGING: 20, BayClass.COACH: 0})
    estimator = an_estimator(BARRIER, lots=[lot])
    estimator.take(a_count_reading(50, bay_class=BayClass.GENERAL))
    estimator.take(a_count_reading(0, bay_class=BayClass.COACH))
    assert judged(estimator, 1)[0] is Quality.UNKNOWN
    estimator.take(a_count_reading(55, at(20), bay_class=BayClass.GENERAL))
    estimator.take(a_count_reading(7, at(30), bay_class=BayClass.CHARGING))
    assert taken(estimator, 30) == 62
    estimator.take(a_count_reading(20, at(60), bay_class=BayClass.CHARGING))
    assert taken(estimator, 60) == 62


def test_strangers_and_foreign_devices_are_not_heard() -> None:
    estimator = an_estimator(GATE, BARRIER, a_device("gate-P02", lots=["P02"]), lots=[a_lot(), a_lot("P02")])
    estimator.take(a_count_reading(40))
    estimator.take(a_count_reading(90, at(1), device="stranger"))
    estimator.take(a_gate_reading(0, 0, at(1), device="gate-P02"))
    estimator.take(a_gate_reading(50, 0, at(2), device="gate-P02", lot=LotId("P01")))
    estimator.take(a_count_reading(90, at(3), lot=LotId("P99")))
    assert taken(estimator, 5) == 40


def test_settings_change_how_far_an_estimate_is_trusted() -> None:
    estimator = an_estimator(BARRIER)
    estimator.take(a_count_reading(40, source=CountSource.CAMERA))
    assert judged(estimator, 1)[0] is Quality.LIVE
    estimator.configure(EstimateSettings(degraded_sd_share=0.01))
    assert judged(estimator, 2) == (Quality.DEGRADED, "wide")
