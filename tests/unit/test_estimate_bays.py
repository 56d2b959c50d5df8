"""Bay sensors: bounds on what a lot can hold."""

from datetime import timedelta

import pytest

from parking.domain.device import DeviceKind
from parking.domain.ids import DeviceId, LotId
from parking.domain.occupancy import QUALITIES, Quality
from parking.domain.reading import BayReading
from parking.domain.settings import EstimateSettings
from sensors.estimate import Estimator
from tests.makers import NOON, a_device, a_gate_reading, a_lot, a_status, at

GATEWAY = a_device("bays-P01", lots=["P01"], kind=DeviceKind.BAY_GATEWAY, period=timedelta(minutes=1))


def a_bay_reading(bay: int, taken: bool, seconds: float = 0) -> BayReading:
    return BayReading(
        device=DeviceId("bays-P01"),
        boot=1,
        seq=1,
        at=at(seconds),
        received_at=at(seconds),
        lot=LotId("P01"),
        bay=f"{bay:03}",
        taken=taken,
    )


@pytest.fixture
def estimator() -> Estimator:
    """Ten bays, sensors and a gate."""
    return Estimator([a_lot(capacity=10)], [GATEWAY, a_device(lots=["P01"])], EstimateSettings())


def hear(estimator: Estimator, states: str, seconds: float = 0) -> None:
    """x is taken, . is free, in the order of the bays."""
    for bay, state in enumerate(states):
        estimator.take(a_bay_reading(bay, state == "x", seconds))


def test_a_lot_whose_bays_are_all_seen_is_the_sum_of_them(estimator: Estimator) -> None:
    hear(estimator, "xx.x....xx")
    found = estimator.estimate(NOON)
    assert found.taken[0] == pytest.approx(5)
    assert found.sd[0] < 0.5


def test_few_known_bays_widen_the_estimate_until_nobody_can_know(estimator: Estimator) -> None:
    hear(estimator, "xx")
    found = estimator.estimate(NOON)
    assert QUALITIES[found.quality[0]] is Quality.UNKNOWN
    assert found.reason == ("wide",)
    hear(estimator, "xx.x..", 1)
    known = estimator.estimate(at(5))
    assert QUALITIES[known.quality[0]] is Quality.DEGRADED
    assert 3 <= known.taken[0] <= 7
    assert known.sd[0] < found.sd[0]


def test_a_bay_that_changes_changes_the_lot_by_one(estimator: Estimator) -> None:
    hear(estimator, "xxxxx.....")
    estimator.take(a_bay_reading(0, False, 10))
    assert estimator.estimate(at(10)).taken[0] == pytest.approx(4)


def test_a_late_bay_reading_changes_nothing(estimator: Estimator) -> None:
    hear(estimator, "xxxxx.....", 60)
    estimator.take(a_bay_reading(0, False, 10))
    assert estimator.estimate(at(60)).taken[0] == pytest.approx(5)


def test_gates_and_bay_sensors_do_not_count_the_same_car_twice(estimator: Estimator) -> None:
    hear(estimator, "xxxxx.....")
    estimator.take(a_gate_reading(0, 0, at(1)))
    estimator.take(a_gate_reading(1, 0, at(30)))
    estimator.take(a_bay_reading(7, True, 31))
    assert estimator.estimate(at(31)).taken[0] == pytest.approx(6)


def test_a_calm_night_with_a_living_gateway_keeps_trust(estimator: Estimator) -> None:
    hear(estimator, "xxxxx.....")
    for minute in range(240):
        estimator.take(a_status(True, at(60 * minute), device=DeviceId("bays-P01")))
        estimator.take(a_status(True, at(60 * minute), device=DeviceId("gate-P01")))
        estimator.estimate(at(60 * minute))
    found = estimator.estimate(at(60 * 239))
    assert QUALITIES[found.quality[0]] is Quality.LIVE


def test_more_bays_than_the_lot_has_are_not_believed(estimator: Estimator) -> None:
    hear(estimator, "xxxxxxxxxxxxxxx")
    assert estimator.estimate(NOON).taken[0] == 10
