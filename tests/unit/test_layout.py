"""Bytes are read as a layout says, whatever they are."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.device_profiles import read_profiles
from sensors.families.misread import Misread
from sensors.layout import Values, read_message
from sensors.layout_shapes import Message
from sensors.profile_shapes import Profile

PROFILES = [one for one in read_profiles().values() if one.message]


def read(data: bytes, port: int = 1, **message: object) -> Values:
    """Values by a layout of one message."""
    layout = msgspec.convert({"name": "it", **message}, Message)
    return read_message([layout], port, data)[1]


def field(data: bytes, **words: object) -> object:
    """The value of one field."""
    return read(data, fields=[{"name": "it", **words}])["it"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ({}, 0x81),
        ({"signed": True}, -127),
        ({"size": 2}, 0x8102),
        ({"size": 2, "little": True}, 0x0281),
        ({"size": 2, "signed": True}, 0x8102 - 65536),
        ({"byte": -1}, 0x64),
        ({"bits": [7, 7]}, 1),
        ({"bits": [6, 0]}, 1),
        ({"size": 2, "bits": [9, 8]}, 1),
        ({"size": 2, "bits": [15, 14], "signed": True}, -2),
        ({"byte": 2, "base": 100, "size": 2}, 3 * 100 + 100),
        ({"times": 0.004, "plus": 2.5}, 3.016),
        ({"form": "flag"}, True),
        ({"size": 3, "form": "hex"}, "810203"),
        ({"size": 3, "form": "version"}, "129.2.3"),
        ({"size": 2, "form": "version", "split": [4, 4, 8]}, "8.1.2"),
        ({"size": 0, "each": 2}, [0x8102, 0x0364]),
        ({"size": 0, "each": 1, "drop": [2, 3]}, [0x81, 0x64]),
        ({"words": {"129": "odd"}}, "odd"),
        ({"words": {"1": "odd"}}, None),
        ({"byte": 1, "words": ["a", "b", "c"]}, "c"),
        ({"byte": 1, "words": ["a", "b", ""]}, None),
        ({"byte": 2, "words": ["a", "b"]}, None),
        ({"steps": [{"least": 0, "gives": "low"}, {"least": 129, "gives": "high"}]}, "high"),
        ({"steps": [{"least": 100, "gives": 10, "each": 5}]}, 155),
        ({"steps": [{"least": 200, "gives": 1}]}, None),
    ],
)
def test_a_field_is_read_as_its_words_say(words: dict[str, Any], value: object) -> None:
    assert field(bytes([0x81, 0x02, 0x03, 0x64]), **words) == value


def test_a_field_beyond_the_end_is_an_error_unless_a_message_may_end_there() -> None:
    with pytest.raises(Misread, match="length"):
        field(b"\x01", byte=1)
    with pytest.raises(Misread, match="length"):
        field(b"\x01", byte=-2)
    with pytest.raises(Misread, match="length"):
        field(b"\x01\x02\x03", size=0, each=2)
    assert read(b"\x01", fields=[{"name": "it", "byte": 1, "optional": True}]) == {}


def test_a_field_stands_under_conditions_and_may_build_on_an_earlier_one() -> None:
    fields = [
        {"name": "_mode", "bits": [0, 0]},
        {"name": "volt", "byte": 1, "times": 0.1},
        {"name": "odd", "byte": 1, "when": {"_mode": 1}},
        {"name": "health", "of": "volt", "steps": [{"least": 3, "gives": "good"}], "when": {"volt": {"least": 3}}},
        {"name": "health", "of": "volt", "steps": [{"least": 0, "gives": "bad"}], "when": {"volt": {"below": 3}}},
        {"name": "never", "byte": 9, "when": {"nothing": 1}},
    ]
    assert read(b"\x00\x1f", fields=fields) == {"volt": 3.1, "health": "good"}
    assert read(b"\x01\x1d", fields=fields) == {"volt": 2.9, "odd": 29, "health": "bad"}


def test_messages_are_told_apart_by_port_length_marks_and_bits() -> None:
    layouts = [
        msgspec.convert(one, Message)
        for one in (
            {"name": "long", "ports": [1], "sizes": [2]},
            {"name": "marked", "ports": [1], "marks": [[0, 0x6A]]},
            {"name": "bit", "ports": [1], "masks": [[0, 0x80, 0x80]]},
            {"name": "other", "ports": [2]},
        )
    ]
    assert read_message(layouts, 1, b"\x00\x00")[0] == "long"
    assert read_message(layouts, 1, b"\x6a")[0] == "marked"
    assert read_message(layouts, 1, b"\xff")[0] == "bit"
    assert read_message(layouts, 2, b"")[0] == "other"
    with pytest.raises(Misread, match="layout"):
        read_message(layouts, 1, b"\x00")
    with pytest.raises(Misread, match="port"):
        read_message(layouts, 3, b"\x00")


ITEMS = [
    {"head": [1, 0x75], "size": 1, "fields": [{"name": "battery"}]},
    {"head": [3, 0x82], "size": 2, "fields": [{"name": "distance", "size": 2, "little": True}]},
]


def test_tagged_values_come_in_any_order_and_what_follows_an_unknown_one_is_left() -> None:
    assert read(bytes.fromhex("03824408" + "01755c"), items=ITEMS) == {"distance": 2116, "battery": 92}
    assert read(bytes.fromhex("01755c" + "0999ff"), items=ITEMS) == {"battery": 92, "unread": "0999ff"}
    with pytest.raises(Misread, match="item"):
        read(bytes.fromhex("0999ff"), items=ITEMS)
    with pytest.raises(Misread, match="length"):
        read(bytes.fromhex("038244"), items=ITEMS)


@pytest.mark.parametrize(
    "words",
    [
        {"size": 9},
        {"size": 0},
        {"bits": [0, 7]},
        {"bits": [64, 0]},
        {"steps": [{"least": 5, "gives": 1}, {"least": 1, "gives": 2}]},
        {"steps": [{"least": 5, "gives": "a", "each": 1}]},
        {"size": 2, "form": "version", "split": [4, 4]},
        {"colour": "red"},
        {"name": "1st"},
        {"byte": "0"},
    ],
)
def test_a_layout_that_means_nothing_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "it", "fields": [{"name": "it", **words}]}, Message)


@given(st.sampled_from(PROFILES), st.integers(0, 255), st.binary(max_size=64))
def test_whatever_the_bytes_a_profile_reads_them_or_refuses_them(profile: Profile, port: int, data: bytes) -> None:
    ports = sorted({port for message in profile.message for port in message.ports} or {1})
    for one in (port, ports[port % len(ports)]):
        try:
            _, values = read_message(profile.message, one, data)
        except Misread as trouble:
            assert trouble.cause in {"port", "layout", "length", "item"}
        else:
            msgspec.json.encode(values)


@given(st.integers(0, 0xFFFF), st.booleans(), st.booleans())
def test_a_number_comes_back_as_it_was_written(number: int, little: bool, signed: bool) -> None:
    data = number.to_bytes(2, "little" if little else "big")
    expected = int.from_bytes(data, "little" if little else "big", signed=signed)
    assert field(data, size=2, little=little, signed=signed) == expected
