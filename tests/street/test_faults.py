"""Faults at the road: what the house does about each of them, or that it does nothing yet."""

from typing import Any

import pytest

from parking.codec import digest
from parking.domain.alert import AlertKind
from parking.domain.ids import LotId, SignId
from parking.domain.occupancy import Occupancy, Quality
from sim.faults import Fault, FaultKind
from tests.street.lab import Lab

UNTIL_THE_END = float("inf")


def a_fault(kind: str, who: str, begins: float = 0, ends: float = UNTIL_THE_END, **parameters: Any) -> Fault:  # noqa: ANN401 -- as TOML has them
    return Fault(FaultKind(kind), (who,), begins, ends, parameters=parameters)


async def a_lab(*faults: Fault, minutes: float = 12, scenario: str = "weekday") -> Lab:
    lab = Lab(scenario=scenario, faults=faults)
    await lab.run(minutes)
    return lab


def estimate(lab: Lab, lot: str) -> Occupancy:
    return lab.present.lots[LotId(lot)].occupancy


def off(lab: Lab, lot: str) -> float:
    """Bays by which the estimate misses the truth."""
    park = next(one for one in lab.street.carparks if one.lot.id == lot)
    return abs(estimate(lab, lot).taken - park.taken)


def alarms(lab: Lab) -> set[tuple[AlertKind, str]]:
    return {(one.kind, one.subject) for one in lab.present.alerts.values() if one.is_open}


def lamps(lab: Lab, sign: str) -> tuple[str, ...]:
    return lab.street.lamps[[one.id for one in lab.town.signs].index(SignId(sign))]


@pytest.mark.parametrize(
    "fault",
    [
        a_fault("miscount", "gate-P15", missed_share=0.03, double_share=0.015),
        a_fault("wrap", "gate-P15", first=65_530.0),
        a_fault("clock_jump", "gate-P15", 3, offset_s=-3600.0),
        a_fault("dropped", "*-P15", share=0.15),
        a_fault("late", "*-P15", share=0.3),
        a_fault("disorder", "*-P15", share=0.3),
        a_fault("duplicated", "*-P15", share=0.5),
        a_fault("line_cut", "gate-P15", 4, 6),
    ],
    ids=lambda fault: fault.kind.value,
)
async def test_two_sources_keep_the_estimate_near_the_truth_when_one_is_at_fault(fault: Fault) -> None:
    lab = await a_lab(fault, scenario="demo")
    assert estimate(lab, "P15").quality is Quality.LIVE
    assert off(lab, "P15") <= 0.02 * 800


@pytest.mark.parametrize(
    "fault",
    [a_fault("counter_reset", "gate-P15", 5), a_fault("gateway_restart", "gate-P15", 4, 6)],
    ids=lambda fault: fault.kind.value,
)
async def test_a_counter_that_began_anew_is_told_for_a_while_and_costs_few_bays(fault: Fault) -> None:
    lab = await a_lab(fault, scenario="demo")
    assert (estimate(lab, "P15").quality, estimate(lab, "P15").reason) == (Quality.DEGRADED, "restarted")
    assert off(lab, "P15") <= 0.02 * 800
    await lab.run(6)
    assert estimate(lab, "P15").quality is Quality.LIVE


async def test_a_gate_that_stands_still_while_its_lot_fills_is_found_out_and_told_to_the_repairers() -> None:
    lab = await a_lab(a_fault("stuck", "gate-P15", 2, 20), scenario="demo", minutes=12)
    assert (estimate(lab, "P15").quality, estimate(lab, "P15").reason) == (Quality.DEGRADED, "gate_stuck")
    assert off(lab, "P15") <= 0.02 * 800
    assert (AlertKind.SENSOR_WRONG, "gate-P15") in alarms(lab)
    assert (AlertKind.SENSOR_SILENT, "gate-P15") not in alarms(lab)
    await lab.run(14)
    assert estimate(lab, "P15").reason != "gate_stuck"
    assert (AlertKind.SENSOR_WRONG, "gate-P15") not in alarms(lab)


async def test_a_clock_an_hour_back_is_set_right_in_our_books_and_told_to_the_repairers() -> None:
    lab = await a_lab(a_fault("clock_jump", "gate-P15", 3, offset_s=-3600.0), scenario="demo")
    assert off(lab, "P15") <= 0.02 * 800
    assert (AlertKind.SENSOR_WRONG, "gate-P15") in alarms(lab)


async def test_a_gate_that_misses_every_second_car_leads_astray_by_half_of_them_and_the_estimate_admits_it() -> None:
    lab = await a_lab(a_fault("miscount", "gate-P15", missed_share=0.5), scenario="demo")
    believed = estimate(lab, "P15")
    assert off(lab, "P15") > 0.01 * 800
    assert off(lab, "P15") < 2.5 * believed.sd


async def test_a_system_that_drifts_away_from_its_gate_is_admitted_and_nobody_is_called_yet() -> None:
    lab = await a_lab(a_fault("drift", "barrier-P01", cars_per_h=60))
    assert off(lab, "P01") < 2.5 * estimate(lab, "P01").sd
    assert alarms(lab) == set()


async def test_a_camera_that_sees_the_same_again_and_again_is_found_out() -> None:
    lab = await a_lab(a_fault("stuck", "cam-P05", 20), minutes=40)
    assert (estimate(lab, "P05").quality, estimate(lab, "P05").reason) == (Quality.DEGRADED, "camera_stuck")
    assert (AlertKind.SENSOR_WRONG, "cam-P05") in alarms(lab)


@pytest.mark.parametrize(
    "fault",
    [
        a_fault("battery_death", "cam-P05", 2),
        a_fault("clock_jump", "cam-P05", 2, offset_s=3600.0),
        a_fault("clock_skew", "cam-P05", s_per_h=3600.0),
        a_fault("dropped", "cam-P05", 2, share=1.0),
    ],
    ids=lambda fault: fault.kind.value,
)
async def test_a_camera_that_cannot_be_heard_or_believed_makes_its_lot_neutral_and_calls_the_repairers(
    fault: Fault,
) -> None:
    lab = await a_lab(fault)
    assert alarms(lab) == {(AlertKind.SENSOR_SILENT, "cam-P05")}
    assert estimate(lab, "P05").quality is Quality.STALE
    assert lamps(lab, "G05")[3] == "--"
    assert lamps(lab, "G05")[0].isdecimal()
    assert {one.class_code for one in await lab.stores.cases.list_cases(open_only=True)} == {"5002360687"}


async def test_a_dying_battery_tells_its_charge_and_nobody_heeds_it_yet() -> None:
    lab = await a_lab(a_fault("battery_death", "cam-P05", 20, warns_min=60.0))
    assert alarms(lab) == set()
    assert estimate(lab, "P05").quality is Quality.LIVE


async def test_a_broker_that_was_gone_leaves_no_trace_in_the_estimate() -> None:
    lab = await a_lab(a_fault("broker_gone", "*", 2, 8), minutes=6)
    assert {text for sign in lab.street.lamps for text in sign} <= {"--", "关闭"}
    await lab.run(5)
    for lot in lab.town.lots:
        assert estimate(lab, lot.id).quality is Quality.LIVE
        assert off(lab, lot.id) <= max(3.0, 0.05 * lot.capacity)
    assert lamps(lab, "G05")[0].isdecimal()
    await lab.run(10)
    assert alarms(lab) == set()


async def test_a_lot_closed_without_notice_is_found_out_within_ten_minutes_and_no_longer_named_free() -> None:
    lab = await a_lab(a_fault("lot_closed", "P15", 8, 30), scenario="demo", minutes=18)
    assert (estimate(lab, "P15").quality, estimate(lab, "P15").reason) == (Quality.UNKNOWN, "blocked")
    assert lab.present.lots[LotId("P15")].free is None
    assert lamps(lab, "G10")[0] == "--"
    await lab.run(30)
    assert estimate(lab, "P15").quality is Quality.LIVE


@pytest.mark.parametrize(
    "fault",
    [
        a_fault("sign_offline", "G07", 3, 15),
        a_fault("sign_mute", "G07", 3, 15),
        a_fault("sign_stuck", "G07", 3, 15, text="88"),
    ],
    ids=lambda fault: fault.kind.value,
)
async def test_a_sign_that_does_not_show_what_it_is_told_calls_the_repairers_until_it_does(fault: Fault) -> None:
    lab = await a_lab(fault)
    assert alarms(lab) == {(AlertKind.SIGN_UNCONFIRMED, "G07")}
    seen = {"sign_offline": {"--"}, "sign_stuck": {"88"}}.get(fault.kind.value)
    assert seen is None or set(lamps(lab, "G07")) == seen
    await lab.run(10)
    assert alarms(lab) == set()
    assert lamps(lab, "G07")[0].isdecimal()
    assert lamps(lab, "G07")[0] != "88"


async def test_a_sign_that_confirms_what_its_lamps_do_not_show_deceives_the_house() -> None:
    lab = await a_lab(a_fault("sign_stuck", "G07", 3, text="88", confirms_orders=True))
    assert set(lamps(lab, "G07")) == {"88"}
    assert alarms(lab) == set()


async def test_hard_faults_twice_give_the_same_decisions_and_every_lot_stays_within_reach_of_the_truth() -> None:
    one, two = [await a_lab(scenario="hard-faults", minutes=30) for _ in range(2)]
    mine, others = [await lab.stores.ledger.ticks_after(None) for lab in (one, two)]
    assert digest([mark.decisions_sha256 for mark in mine]) == digest([mark.decisions_sha256 for mark in others])
    for lot in one.town.lots:
        assert estimate(one, lot.id).quality in (Quality.LIVE, Quality.DEGRADED)
        assert off(one, lot.id) <= max(6.0, 0.1 * lot.capacity)
