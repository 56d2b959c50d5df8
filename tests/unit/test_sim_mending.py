"""What becomes of broken hardware when somebody comes and puts it right."""

from functools import partial

import pytest

from sim.faults import Fault
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.hardware import Hardware
from sim.street import Street, make_street
from sim.wire import Message, Show
from tests.unit.test_sim_faults import BEGINS, DAY, TOWN, Said, a_fault, of, readings, statuses

MENDED_S = 600
"""Ten minutes after the begin."""


def run(*faults: Fault, mends: str | None = None, minutes: int = 20) -> tuple[Said, Street, Hardware[Street]]:
    street = make_street(TOWN, DAY, 1, DAY.begins)
    hardware = with_faults(fit_out(TOWN, street, 1, boot=1), faults, TOWN, 1, DAY.begins)
    said: list[tuple[int, Message]] = []
    for second in range(1, 60 * minutes + 1):
        street.advance(BEGINS + second)
        if second == MENDED_S and mends is not None:
            assert hardware.mend(mends, BEGINS + second) == 1
        said += [(second, one) for one in hardware.observe(street, BEGINS + second)]
    return said, street, hardware


def shown(said: Said, sign: str) -> list[int]:
    return [second for second, one in of(said, sign) if one.topic.endswith("/shown")]


dead = partial(a_fault, "battery_death", "gate-P15", 2)


def test_a_gate_with_a_new_battery_speaks_from_that_minute_on_with_another_boot() -> None:
    said, _, hardware = run(dead(), mends="gate-P15")
    seconds = [one["second"] for one in readings(said, "gate-P15", "gate")]
    assert not [one for one in seconds if 150 < one < MENDED_S]
    assert [one for one in seconds if one >= MENDED_S]
    assert {one["boot"] for one in statuses(said, "gate-P15") if one["second"] >= MENDED_S} == {BEGINS + MENDED_S}
    assert not hardware.is_broken("gate-P15", BEGINS + MENDED_S + 1)


def test_what_a_cut_line_held_back_arrives_when_it_is_mended() -> None:
    cut = a_fault("line_cut", "gate-P15", 2, 600)
    said, _, _ = run(cut, mends="gate-P15")
    by_itself, _, _ = run(cut)
    held = [one for one in readings(said, "gate-P15", "gate") if one["second"] == MENDED_S]
    assert len(held) > 3
    assert not [one for one in readings(by_itself, "gate-P15", "gate") if one["second"] > 150]


def test_a_mended_sign_hears_the_newest_order_and_confirms() -> None:
    said, _, _ = run(a_fault("sign_offline", "G07", 2), mends="G07")
    seconds = shown(said, "G07")
    assert not [one for one in seconds if 150 < one < MENDED_S]
    assert [one for one in seconds if one >= MENDED_S]


def test_lamps_that_hung_obey_again() -> None:
    street = make_street(TOWN, DAY, 1, DAY.begins)
    stuck = a_fault("sign_stuck", "G12", 1)
    hardware = with_faults(fit_out(TOWN, street, 1, boot=1), [stuck], TOWN, 1, DAY.begins)
    board = next(one for one in hardware.devices if one.mouth.device == "G12")
    lamp = [str(sign.id) for sign in TOWN.signs].index("G12")
    seen = {}
    for second in range(1, 300):
        street.advance(BEGINS + second)
        if second == 90:
            board.obey(Show(1, 1, BEGINS + 90, BEGINS + 900, 810.0, ("77",)), BEGINS + 90)  # type: ignore[attr-defined]
        if second == 200:
            hardware.mend("G12", BEGINS + 200)
        hardware.observe(street, BEGINS + second)
        seen[second] = street.lamps[lamp]
    assert seen[150] == ("--",)
    assert seen[250] == ("77",)


def test_nobody_at_a_device_can_put_the_broker_right() -> None:
    gone = a_fault("broker_gone", "*", 2, 600)
    _, _, hardware = run(gone, minutes=5)
    assert not hardware.is_broken("gate-P15", BEGINS + 300)
    assert hardware.mend("gate-P15", BEGINS + 300) == 0


@pytest.mark.parametrize("faults", [(), (dead(),)])
def test_sound_hardware_has_nothing_to_mend(faults: tuple[Fault, ...]) -> None:
    _, _, hardware = run(*faults, minutes=3)
    assert not hardware.is_broken("gate-P03", BEGINS + 180)
    assert hardware.mend("gate-P03", BEGINS + 180) == 0
