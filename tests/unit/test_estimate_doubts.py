"""Counters that hang, entrances nobody comes through, counts that cannot be true: found out, and only then."""

from dataclasses import replace

import numpy as np
import pytest

from parking.domain.device import DeviceKind
from parking.domain.occupancy import Quality
from parking.domain.settings import EstimateSettings
from sensors.estimate import Estimator
from tests.makers import SHANGHAI, a_count_reading, a_device, a_lot, at
from tests.unit.busy_lot import BusyLot


def nothing(_cars: int) -> int:
    return 0


def test_a_gate_that_hangs_is_found_within_ten_minutes_and_the_system_is_followed() -> None:
    lot = BusyLot().run(30)
    lot.gate_counts = nothing
    lot.run(10)
    assert lot.judged == (Quality.DEGRADED, "gate_stuck")
    assert lot.wrong() == [("gate-P01", "gate_stuck")]
    lot.run(20)
    assert lot.off <= 5


def test_a_gate_that_counts_again_is_believed_again() -> None:
    lot = BusyLot().run(30)
    lot.gate_counts = nothing
    lot.run(20)
    lot.gate_counts = lambda cars: cars
    lot.run(5)
    assert lot.judged == (Quality.LIVE, "")
    assert lot.wrong() == []
    assert lot.off <= 5


def test_a_system_that_hangs_is_found_within_ten_minutes_and_the_gates_are_followed() -> None:
    lot = BusyLot().run(30)
    hung = lot.taken
    lot.system_tells = lambda _count: hung
    lot.run(10)
    assert lot.judged == (Quality.DEGRADED, "count_stuck")
    assert lot.wrong() == [("barrier-P01", "count_stuck")]
    lot.run(20)
    assert abs(lot.taken - hung) > 20
    assert lot.off <= 3


@pytest.mark.parametrize("missed", [0, 25])
def test_a_system_that_counts_again_makes_no_jump_whether_or_not_it_knows_what_it_missed(missed: int) -> None:
    lot = BusyLot().run(30)
    hung = lot.taken
    lot.system_tells = lambda _count: hung
    lot.run(20)
    lot.system_tells = lambda count: count - missed
    lot.run(10)
    assert lot.judged[1] == ""
    assert lot.off <= 4


def test_a_camera_that_sees_the_same_for_ever_is_found_and_no_longer_believed() -> None:
    lot = BusyLot(has_gate=False, has_system=False, has_camera=True, come=2, go=2).run(60)
    frozen = lot.taken
    lot.camera_tells = lambda _seen: frozen
    lot.run(12)
    assert lot.judged == (Quality.DEGRADED, "camera_stuck")
    assert lot.wrong() == [("camera-P01", "camera_stuck")]
    sure = lot.sd
    lot.run(60)
    assert lot.sd > 2 * sure


def test_a_camera_over_a_full_lot_may_see_the_same_for_ever() -> None:
    lot = BusyLot(has_gate=False, has_system=False, has_camera=True, taken=300, come=5, go=0, camera_sd=0.0).run(60)
    assert set(lot.reasons[8:]) == {""}


def test_a_busy_gate_alone_that_stops_is_found_and_a_quiet_one_is_left_in_peace() -> None:
    busy = BusyLot(has_system=False, has_camera=True).run(30)
    busy.gate_counts = nothing
    busy.run(12)
    assert ("gate-P01", "gate_stuck") in busy.wrong()
    quiet = BusyLot(has_system=False, has_camera=True, come=0.2, go=0.2).run(120)
    quiet.gate_counts = nothing
    quiet.run(30)
    assert quiet.wrong() == []


def test_an_entrance_through_which_nobody_comes_any_more_makes_the_lot_neutral_until_somebody_does() -> None:
    lot = BusyLot().run(30)
    lot.come = 0.0
    lot.run(10)
    assert lot.judged == (Quality.UNKNOWN, "blocked")
    lot.come = 3.0
    lot.run(1)
    assert lot.judged == (Quality.LIVE, "")


def test_entries_that_stop_because_the_lot_is_full_mean_full() -> None:
    lot = BusyLot(come=6.0, go=0.2).run(60)
    assert lot.taken > 295
    lot.go = 0.0
    lot.run(15)
    assert lot.judged[1] == ""


def test_cars_that_wait_while_one_comes_when_one_goes_tell_that_a_lot_is_full() -> None:
    lot = BusyLot(has_system=False, has_camera=True, come=2.0, go=0.0, taken=200).run(10)
    lot.gate_counts = lambda cars: cars if lot.second % 120 else 0
    lot.run(60)
    assert lot.taken == 300
    before = lot.off
    lot.waiting, lot.go, lot.gate_counts = 4, 0.3, lambda cars: cars
    lot.run(20)
    assert lot.off < max(2.0, before)
    assert lot.off <= 3


def test_one_impossible_count_is_not_believed_and_five_are() -> None:
    lot = BusyLot().run(30)
    lot.system_tells = lambda count: count + 90
    lot.run(1)
    assert lot.off <= 3
    lot.run(10)
    assert lot.judged[1] == ""
    assert lot.off <= 3, "the gates tell that nobody came: the system was set to something else"


def test_many_lots_that_tell_one_number_are_a_fault_of_the_feed() -> None:
    lots = [a_lot(f"P{n:02}", 100 + 20 * n) for n in range(8)]
    devices = [a_device(f"barrier-{one.id}", lots=[one.id], kind=DeviceKind.BARRIER_SYSTEM) for one in lots]
    estimator = Estimator(lots, devices, EstimateSettings(), SHANGHAI)

    def tell(minute: int, counts: list[int]) -> None:
        for one, count in zip(lots, counts, strict=True):
            named = {"device": f"barrier-{one.id}", "lot": one.id, "seq": minute}
            estimator.take(a_count_reading(count, at(60 * minute), **named))
        estimator.estimate(at(60 * minute))

    true = [50 + 10 * n for n in range(8)]
    for minute in range(10):
        tell(minute, true)
    for minute in range(10, 13):
        tell(minute, [7] * 8)
    found = estimator.estimate(at(60 * 13))
    assert set(found.reason) == {"all_equal"}
    assert np.abs(found.taken - true).max() < 2
    for minute in range(14, 16):
        tell(minute, true)
    assert set(estimator.estimate(at(60 * 16)).reason) == {""}


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 6])
def test_a_sound_lot_is_doubted_by_nobody_for_two_days(seed: int) -> None:
    lot = BusyLot(come=1.2, go=1.2, has_camera=seed % 2 == 0, has_system=seed % 3 != 2, seed=seed)
    lot.run(48 * 60)
    assert set(lot.reasons[8:]) <= {""}


def test_what_a_system_is_off_by_is_learnt_from_a_person_and_remembered() -> None:
    lot = BusyLot(system_off=12).run(30)
    assert lot.off == pytest.approx(12, abs=3)
    lot.person_counts()
    lot.run(60)
    assert lot.off <= 3


def test_gates_and_system_that_err_apart_are_admitted_and_weighed() -> None:
    offs, admitted = [], []
    for seed in range(20):
        lot = BusyLot(seed=seed, come=3.0, go=3.0)
        chance = np.random.default_rng(seed)
        lot.gate_counts = lambda cars, chance=chance: int(cars - chance.binomial(cars, 0.03))  # type: ignore[misc]
        lot.run(240)
        offs.append(lot.off)
        admitted.append(lot.sd)
    inside = np.mean(np.array(offs) <= 1.96 * np.array(admitted))
    assert inside >= 0.9
    assert np.mean(offs) < 0.02 * replace(a_lot(capacity=300)).capacity
