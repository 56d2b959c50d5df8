"""Uplinks of ChirpStack and The Things Stack say the same thing in two ways."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sensors.families import chirpstack, things_stack
from sensors.families.lorawan import Uplink, statement
from sensors.families.misread import Misread
from tests.makers_wires import EUI, THINGS_UP, UP, a_chirpstack_up, a_things_up, profile

BOSCH = profile("bosch-tps110")


def chirp(payload: bytes, topic: str = UP) -> Uplink:
    assert chirpstack.is_uplink(topic)
    return chirpstack.read_uplink(topic, payload)


def things(payload: bytes, topic: str = THINGS_UP) -> Uplink:
    assert things_stack.is_uplink(topic)
    return things_stack.read_uplink(topic, payload)


def test_both_servers_tell_device_session_counter_time_port_and_bytes() -> None:
    expected = Uplink(EUI, 0x00189440, 17, datetime(2026, 5, 13, 3, 59, 58, 775023, UTC), 1, b"\x01", None)
    assert chirp(a_chirpstack_up()) == expected
    heard = things(a_things_up())
    assert heard == expected._replace(at=datetime(2026, 5, 13, 3, 59, 58, 575113, UTC))


def test_what_is_zero_or_false_is_left_out_and_is_zero() -> None:
    first = chirp(a_chirpstack_up(fCnt=None, fPort=None, data=None, dr=None, adr=None, confirmed=None, devAddr=None))
    assert (first.boot, first.seq, first.port, first.data) == (0, 0, 0, b"")
    first = things(a_things_up(f_cnt=None, f_port=None, frm_payload=None))
    assert (first.seq, first.port, first.data) == (0, 0, b"")


def test_an_uplink_of_several_gateways_or_deliveries_is_one_reading() -> None:
    one, again = chirp(a_chirpstack_up()), chirp(a_chirpstack_up(rxInfo=[]))
    assert one == again
    assert chirp(a_chirpstack_up(fCnt=18)) != one
    assert chirp(a_chirpstack_up(devAddr="00189441")) != one


def test_a_server_without_tenants_leaves_them_out_of_the_topic() -> None:
    assert things(a_things_up(), "v3/town/devices/bay-017/up") == things(a_things_up())


def test_the_server_that_has_no_time_of_its_own_is_believed_by_the_other() -> None:
    assert things(a_things_up(received_at=None)).at == datetime(2026, 5, 13, 3, 59, 58, 775000, UTC)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "json"),
        (b"[]", "field"),
        (b"\xff", "utf8"),
        (b'{"a":' * 100_000, "nesting"),
        (a_chirpstack_up(deduplicationId=None), "field"),
        (a_chirpstack_up(deduplicationId=""), "field"),
        (a_chirpstack_up(time=None), "field"),
        (a_chirpstack_up(time="2026-05-13T03:59:58"), "field"),
        (a_chirpstack_up(time="0001-01-01T00:00:00+14:00"), "field"),
        (a_chirpstack_up(data="not base64!"), "base64"),
        (a_chirpstack_up(fCnt=-1), "field"),
        (a_chirpstack_up(fCnt=2**32), "field"),
        (a_chirpstack_up(fCnt="17"), "field"),
        (a_chirpstack_up(fPort=256), "field"),
        (a_chirpstack_up(devAddr="xyz"), "field"),
        (a_chirpstack_up(devAddr="0018944000"), "field"),
        (a_chirpstack_up(object=[1]), "field"),
        (a_chirpstack_up(deviceInfo={"devEui": "0000000000000001"}), "device_other"),
    ],
)
def test_an_uplink_of_chirpstack_that_is_none_is_refused_with_its_cause(payload: bytes, why: str) -> None:
    with pytest.raises(Misread) as trouble:
        chirp(payload)
    assert trouble.value.cause == why


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"{}", "field"),
        (a_things_up(frm_payload="?"), "base64"),
        (a_things_up(f_port=300), "field"),
        (a_things_up(received_at="noon"), "field"),
        (a_things_up(ids={"dev_eui": ""}), "field"),
        (a_things_up(ids={"device_id": "bay-018"}), "device_other"),
        (json.dumps({**json.loads(a_things_up()), "simulated": True}).encode(), "simulated"),
    ],
)
def test_an_uplink_of_the_things_stack_that_is_none_is_refused_with_its_cause(payload: bytes, why: str) -> None:
    with pytest.raises(Misread) as trouble:
        things(payload)
    assert trouble.value.cause == why


@pytest.mark.parametrize("topic", ["", "application/4/device/x/event/join", "v3/a/devices/b/down/queued", "v3/up"])
def test_other_topics_are_no_uplinks(topic: str) -> None:
    assert not chirpstack.is_uplink(topic)
    assert not things_stack.is_uplink(topic)


def test_the_bytes_are_read_by_the_profile() -> None:
    said = statement(chirp(a_chirpstack_up(b"\x01\xff", fPort=2)), BOSCH)
    assert said.values == {"type": "heartbeat", "occupied": True, "temperature": -1}
    assert (said.key, said.boot, said.seq) == (EUI, 0x00189440, 17)


def test_a_frame_without_bytes_says_nothing_but_that_the_device_lives() -> None:
    assert statement(chirp(a_chirpstack_up(b"", fPort=None)), BOSCH).values == {}


@pytest.mark.parametrize("changes", [{"object": {"occupied": True, "battery": 80, "deep": {"x": 1}}}, {"object": {}}])
def test_a_profile_may_read_what_the_network_server_has_decoded(changes: dict[str, Any]) -> None:
    said = statement(chirp(a_chirpstack_up(**changes)), profile("lorawan-decoded-bay"))
    assert said.values == {name: value for name, value in changes["object"].items() if name != "deep"}


def test_a_profile_that_reads_decoded_values_misses_them() -> None:
    with pytest.raises(Misread, match="decoded"):
        statement(chirp(a_chirpstack_up()), profile("lorawan-decoded-bay"))
