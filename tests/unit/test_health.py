"""Silent devices: who, since when, and how badly."""

from datetime import timedelta

from parking.domain.device import Device, DeviceKind
from parking.domain.ids import DeviceId
from parking.pack import pack, unpack
from sensors.health import Health, Silence
from tests.makers import NOON, a_device, a_gate_reading, a_status, at

GATE = a_device("gate-P01", lots=["P01"])
LOOP = a_device("loop-R1", sections=["R2", "R1"])


def a_health(*devices: Device) -> Health:
    return Health(devices or (GATE, LOOP))


def names(silences: tuple[Silence, ...]) -> list[str]:
    return [one.device for one in silences]


def test_a_fresh_start_does_not_shout() -> None:
    health = a_health()
    assert health.silent(NOON) == ()
    assert health.silent(at(120)) == ()
    assert [(one.device, one.reason, one.heard_at) for one in health.silent(at(121))] == [
        ("gate-P01", "never_heard", None),
        ("loop-R1", "never_heard", None),
    ]


def test_silence_grows_from_stale_to_offline_and_ends_with_a_word() -> None:
    health = a_health()
    health.silent(NOON)
    health.take(a_gate_reading(1, 0, at(10)))
    health.take(a_status(True, at(400), device=DeviceId("loop-R1")))
    assert names(health.silent(at(130))) == []
    (stale,) = health.silent(at(131))
    assert (stale.device, stale.since, stale.offline, stale.reason) == ("gate-P01", at(10), False, "silent")
    (offline,) = health.silent(at(311))
    assert offline.offline
    health.take(a_gate_reading(2, 0, at(312)))
    assert health.silent(at(315)) == ()


def test_a_silence_says_whom_it_concerns() -> None:
    health = a_health(LOOP)
    health.silent(NOON)
    (silence,) = health.silent(at(1000))
    assert (silence.kind, silence.lots, silence.sections) == (DeviceKind.LOOP, (), ("R1", "R2"))


def test_a_slow_device_is_given_its_own_time() -> None:
    health = a_health(a_device("gate-P01", lots=["P01"], period=timedelta(minutes=15)))
    health.take(a_gate_reading(1, 0))
    assert health.silent(at(2250)) == ()
    assert not health.silent(at(2251))[0].offline
    assert health.silent(at(4501))[0].offline


def test_a_device_may_tell_a_new_period() -> None:
    health = a_health(GATE)
    health.take(a_status(True, NOON, period_s=600.0))
    assert health.silent(at(1500)) == ()
    health.take(a_status(True, at(1500), period_s=10.0))
    assert names(health.silent(at(1621))) == ["gate-P01"]


def test_a_goodbye_is_offline_at_once_and_what_the_broker_remembers_revives_nobody() -> None:
    health = a_health(GATE)
    health.take(a_gate_reading(1, 0))
    health.take(a_status(False, at(20)))
    (gone,) = health.silent(at(20))
    assert (gone.offline, gone.reason, gone.since, gone.heard_at) == (True, "said_offline", at(20), NOON)
    health.take(a_status(True, at(25), retained=True))
    assert names(health.silent(at(25))) == ["gate-P01"]
    health.take(a_status(True, at(30)))
    assert health.silent(at(30)) == ()


def test_persons_signs_and_strangers_are_not_watched() -> None:
    health = a_health(
        a_device("patrol-1", lots=["P01"], kind=DeviceKind.PERSON), a_device("sign-G01", kind=DeviceKind.SIGN)
    )
    health.take(a_gate_reading(1, 0, device="stranger"))
    health.silent(NOON)
    assert health.silent(at(100_000)) == ()


def test_a_restart_forgets_no_silence() -> None:
    health = a_health()
    health.silent(NOON)
    health.take(a_gate_reading(1, 0, at(10)))
    health.take(a_status(False, at(20), device=DeviceId("loop-R1")))
    told = health.silent(at(200))
    after = a_health()
    after.load(unpack(pack(health.save())))
    assert after.silent(at(200)) == told
    assert after.silent(at(400)) == health.silent(at(400))


def test_an_uneventful_tick_tells_the_same_again() -> None:
    health = a_health()
    health.silent(NOON)
    told = health.silent(at(200))
    assert health.silent(at(205)) is told
