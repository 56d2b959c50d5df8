"""Each fault on the wire: what a device says with it, beside what the same device says without, on the same street."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import pytest

from parking.towns.load import load_town
from sensors.native import Native, Packet
from sim.faults import Fault, FaultKind
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.shipped import load_scenario
from sim.street import Street, make_street
from sim.wire import Message, seconds_of

Said = list[tuple[int, Message]]
"""Second after the begin, and what arrived then."""

DAY = replace(load_scenario("demo"), warm_up_h=0.5)
BEGINS = int(DAY.begins.timestamp())
TOWN = load_town()


def a_run(*faults: Fault, minutes: int = 20, seed: int = 1) -> tuple[Said, Street]:
    street = make_street(TOWN, DAY, seed, DAY.begins)
    hardware = with_faults(fit_out(TOWN, street, seed, boot=1), faults, TOWN, seed, DAY.begins)
    said: Said = []
    for second in range(1, 60 * minutes + 1):
        street.advance(BEGINS + second)
        said += [(second, one) for one in hardware.observe(street, BEGINS + second)]
    return said, street


@cache
def sound() -> Said:
    """The same twenty minutes when nothing is wrong."""
    return a_run()[0]


def a_fault(kind: str, who: str, begins: float = 0, ends: float = float("inf"), **parameters: Any) -> Fault:  # noqa: ANN401 -- as TOML has them
    return Fault(FaultKind(kind), (who,), begins, ends, parameters=parameters)


def of(said: Said, device: str) -> Said:
    return [one for one in said if one[1].device == device]


def readings(said: Said, device: str, kind: str) -> list[dict[str, Any]]:
    """In the order of their arrival, each with the second of it."""
    found = []
    for second, message in of(said, device):
        payload = json.loads(message.encode())
        several = payload if isinstance(payload, list) else [payload]
        found += [one | {"second": second} for one in several if one.get("kind") == kind]
    return found


def statuses(said: Said, device: str) -> list[dict[str, Any]]:
    return [json.loads(one.encode()) | {"second": s} for s, one in of(said, device) if one.topic.endswith("/status")]


def fingerprint(said: Iterable[tuple[int, Message]]) -> str:
    return sha256(b"".join(b"%d " % s + one.topic.encode() + one.encode() for s, one in said)).hexdigest()


GATE, BARRIER = "gate-P15", "barrier-P15"


def test_without_faults_the_hardware_is_the_very_same() -> None:
    street = make_street(TOWN, DAY, 1, DAY.begins)
    hardware = fit_out(TOWN, street, 1, boot=1)
    assert with_faults(hardware, (), TOWN, 1, DAY.begins) is hardware


def test_a_fault_whose_window_never_comes_changes_no_byte() -> None:
    idle = [Fault(kind, ("*",), 600, 601, parameters=needed(kind)) for kind in FaultKind]
    assert fingerprint(a_run(*idle)[0]) == fingerprint(sound())


def needed(kind: FaultKind) -> dict[str, float]:
    given = {"drift": {"cars_per_h": 9.0}, "clock_skew": {"s_per_h": 9.0}, "clock_jump": {"offset_s": 9.0}}
    shares = {"dropped", "late", "disorder", "duplicated"}
    return given.get(kind.value, {"share": 1.0} if kind.value in shares else {}) | (
        {"warns_min": 1.0} if kind is FaultKind.BATTERY_DEATH else {}
    )


def test_the_same_seed_meets_the_same_faults_and_another_meets_others_on_the_same_street() -> None:
    hard = load_scenario("hard-faults").faults
    (one, street), (two, _), (other, other_street) = (
        a_run(*hard),
        a_run(*hard),
        a_run(*(replace(f, seed=2) for f in hard)),
    )
    assert fingerprint(one) == fingerprint(two) != fingerprint(other)
    assert [park.entered for park in street.carparks] == [park.entered for park in other_street.carparks]


def test_a_fault_of_one_device_leaves_the_words_of_all_others_alone() -> None:
    said, _ = a_run(a_fault("dropped", GATE, share=0.5), a_fault("late", GATE, share=0.5))
    assert fingerprint(one for one in said if one[1].device != GATE) == fingerprint(
        one for one in sound() if one[1].device != GATE
    )


def test_the_service_understands_every_message_of_hard_faults() -> None:
    said, _ = a_run(*load_scenario("hard-faults").faults)
    native = Native("r", TOWN.devices, [sign.id for sign in TOWN.signs])
    heard = native.decode(
        Packet(f"r/{one.topic}", one.encode(), datetime.fromtimestamp(BEGINS + s, UTC), False) for s, one in said
    )
    assert heard.doubts == []


def test_a_gate_misses_its_share_of_cars_and_counts_others_twice() -> None:
    missing, doubling = (
        a_run(a_fault("miscount", "*", **{share: 0.5}))[0] for share in ("missed_share", "double_share")
    )
    true = readings(sound(), GATE, "gate")[-1]["entered"]
    assert true > 40
    assert 0.35 < readings(missing, GATE, "gate")[-1]["entered"] / true < 0.65
    assert 1.35 < readings(doubling, GATE, "gate")[-1]["entered"] / true < 1.65
    totals = [one["entered"] for one in readings(missing, GATE, "gate")]
    assert totals == sorted(totals)


def test_a_barrier_system_and_a_loop_miscount_too() -> None:
    said, _ = a_run(a_fault("miscount", "*", missed_share=1.0))
    assert len({one["taken"] for one in readings(said, BARRIER, "count")}) == 1
    assert {(one["vehicles"], one["speed_kmh"]) for one in readings(said, "loop-R2", "traffic")} == {(0, None)}
    assert any(one["vehicles"] for one in readings(sound(), "loop-R2", "traffic"))


def test_a_count_drifts_away_and_stays_where_it_got_to() -> None:
    said, _ = a_run(a_fault("drift", BARRIER, 0, 10, cars_per_h=60), a_fault("drift", GATE, 0, 10, cars_per_h=-60))
    true, told = readings(sound(), BARRIER, "count"), readings(said, BARRIER, "count")
    off = [b["taken"] - a["taken"] for a, b in zip(true, told, strict=True)]
    assert off == sorted(off)
    assert off[-9:] == [10] * 9
    assert readings(said, GATE, "gate")[-1]["left"] == readings(sound(), GATE, "gate")[-1]["left"] + 10


def test_a_stuck_gate_says_the_same_and_never_counts_what_passed_meanwhile() -> None:
    said, _ = a_run(a_fault("stuck", GATE, 5, 15))
    true, told = readings(sound(), GATE, "gate"), readings(said, GATE, "gate")
    during = {one["entered"] for one in told if 300 <= one["second"] < 900}
    assert len(during) == 1
    lost = true[-1]["entered"] - told[-1]["entered"]
    assert lost > 10
    assert all(a["entered"] - b["entered"] == lost for a, b in zip(true, told, strict=True) if a["second"] > 900)


def test_a_hung_display_catches_up() -> None:
    said, _ = a_run(a_fault("stuck", BARRIER, 5, 15, catches_up=True), a_fault("stuck", "bays-P02", 5, 15))
    told, true = readings(said, BARRIER, "count"), readings(sound(), BARRIER, "count")
    assert len({one["taken"] for one in told if 300 <= one["second"] < 900}) == 1
    assert [one for one in told if one["second"] > 900] == [one for one in true if one["second"] > 900]
    assert len(statuses(said, BARRIER)) == len(statuses(sound(), BARRIER))
    last = [one["taken"] for one in readings(said, "bays-P02", "bay")[-120:]]
    assert last == [one["taken"] for one in readings(sound(), "bays-P02", "bay")[-120:]]


def test_totals_begin_again_at_zero_and_the_boot_says_nothing() -> None:
    said, _ = a_run(a_fault("counter_reset", GATE, 10))
    told = readings(said, GATE, "gate")
    before, after = ([one["entered"] for one in told if (one["second"] < 600) is early] for early in (True, False))
    assert before[-1] > after[0]
    assert {one["boot"] for one in told} == {1}
    assert before[-1] + after[-1] == readings(sound(), GATE, "gate")[-1]["entered"]


def test_a_sixteen_bit_meter_wraps() -> None:
    said, _ = a_run(a_fault("wrap", GATE, first=65_530.0))
    told = [one["entered"] for one in readings(said, GATE, "gate")]
    assert told[0] >= 65_530
    assert max(told) < 65_536
    assert told[-1] == readings(sound(), GATE, "gate")[-1]["entered"] - 6


def test_a_battery_tells_its_charge_dies_and_the_broker_speaks_its_will() -> None:
    said, _ = a_run(a_fault("battery_death", GATE, 10, 15, warns_min=10.0))
    told = statuses(said, GATE)
    charges = [one["battery_share"] for one in told if one["second"] < 600]
    assert charges == sorted(charges, reverse=True)
    assert 0 < charges[-1] < charges[0] <= 1
    (will,) = [(s, one) for s, one in of(said, GATE) if 600 <= s < 900]
    assert (will[0], json.loads(will[1].encode())["state"], will[1].retain) == (690, "offline", True)
    after = [one for one in told if one["second"] >= 900]
    assert (after[0]["boot"], after[0]["state"]) == (BEGINS + 900, "online")


def test_a_gateway_that_restarts_has_another_boot_and_totals_from_zero() -> None:
    said, _ = a_run(a_fault("gateway_restart", GATE, 10, 11))
    told = readings(said, GATE, "gate")
    assert [one for one in of(said, GATE) if 600 <= one[0] < 660] == []
    before, after = ([one for one in told if (one["boot"] == 1) is early] for early in (True, False))
    assert after[0]["entered"] < before[-1]["entered"]
    assert after[0]["seq"] <= 3
    lost = readings(sound(), GATE, "gate")[-1]["entered"] - before[-1]["entered"] - after[-1]["entered"]
    assert 0 <= lost <= 12


@pytest.mark.parametrize(
    ("kind", "parameters", "off"),
    [("clock_skew", {"s_per_h": -60.0}, {300: 0.0, 600: -5.0}), ("clock_jump", {"offset_s": 7200.5}, {600: 7200.5})],
)
def test_a_wrong_clock_stamps_wrong_times_until_it_is_set_right(
    kind: str, parameters: dict[str, float], off: dict[int, float]
) -> None:
    said, _ = a_run(a_fault(kind, "cam-P05", 5, 15, **parameters))
    told = {one["second"]: seconds_of(one["at"]) - BEGINS for one in readings(said, "cam-P05", "count")}
    for second, by in told.items():
        if not 300 <= second < 900:
            assert by == second
    for second, offset in off.items():
        nearest = min((one for one in told if 300 <= one < 900), key=lambda one: abs(one - second))
        assert told[nearest] - nearest == pytest.approx(offset, abs=1.1)


def test_messages_are_dropped_by_their_share() -> None:
    said, _ = a_run(a_fault("dropped", "*", share=0.15))
    assert 0.80 < len(said) / len(sound()) < 0.90
    originals = Counter(one.encode() for _, one in sound())
    assert not Counter(one.encode() for _, one in said) - originals


def test_late_messages_come_behind_younger_ones_and_unchanged() -> None:
    said, _ = a_run(a_fault("late", BARRIER, 0, 15, share=0.5, least_s=30.0, most_s=120.0))
    told = readings(said, BARRIER, "count")
    delays = [one["second"] - (seconds_of(one["at"]) - BEGINS) for one in told]
    assert {0.0} < set(delays)
    assert all(delay == 0 or 30 <= delay <= 121 for delay in delays)
    assert [one["seq"] for one in told] != sorted(one["seq"] for one in told)
    assert same_words(said)


def test_messages_in_disorder_change_places_with_the_next() -> None:
    said, _ = a_run(a_fault("disorder", GATE, 0, 15, share=0.3))
    order = [json.dumps(one) for one in (m.payload for _, m in of(said, GATE))]
    assert order != [json.dumps(one) for one in (m.payload for _, m in of(sound(), GATE))]
    assert same_words(said)


def same_words(said: Said) -> bool:
    return Counter(one.encode() for _, one in said) == Counter(one.encode() for _, one in sound())


def test_a_message_sent_twice_repeats_the_original() -> None:
    said, _ = a_run(a_fault("duplicated", GATE, share=1.0))
    assert [one for one in of(sound(), GATE) for _ in range(2)] == of(said, GATE)


@pytest.mark.parametrize(("kind", "wills"), [("line_cut", 1), ("broker_gone", 0)])
def test_a_broken_line_keeps_everything_and_tells_it_at_once_when_it_is_mended(kind: str, wills: int) -> None:
    said, _ = a_run(a_fault(kind, GATE, 5, 10))
    during = [one for s, one in of(said, GATE) if 300 <= s < 600]
    assert [json.loads(one.encode())["state"] for one in during] == ["offline"] * wills
    kept = [seconds_of(one["at"]) - BEGINS for one in readings(said, GATE, "queue") if one["second"] == 600]
    assert len(kept) >= 10
    assert kept == sorted(kept)
    assert readings(said, GATE, "gate")[-1]["entered"] == readings(sound(), GATE, "gate")[-1]["entered"]


def test_a_lot_that_closes_without_notice_lets_nobody_in_and_its_devices_say_nothing_of_it() -> None:
    said, street = a_run(a_fault("lot_closed", "P15", 5, 15))
    totals = {one["second"]: one["entered"] for one in readings(said, GATE, "gate")}
    assert len({total for second, total in totals.items() if 316 <= second < 900}) <= 1
    assert max(totals) > 900
    assert {json.loads(one.encode()).get("errors") for _, one in of(said, GATE) if isinstance(one.payload, dict)} == {
        None
    }
    assert street.counts.turned_away > a_run()[1].counts.turned_away


def test_windows_that_spread_begin_at_each_devices_own_time() -> None:
    fault = replace(a_fault("dropped", "gate-*", 0, 10, share=1.0), spread_min=10.0)
    said, _ = a_run(fault)
    silent = {device: {s for s, _ in of(said, device)} for device in ("gate-P01", "gate-P13", "gate-P15")}
    assert (
        len({min(s for s in range(1, 1200) if not seconds & set(range(s, s + 31))) for seconds in silent.values()}) > 1
    )
