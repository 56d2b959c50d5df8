"""Our reader inside paho understands the same packets however the network cuts them, and never lets in too many."""

import json
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parking.address import parse_address
from sensors.feed.line import FINE
from sensors.feed.room import Heard, Room, Size
from sensors.feed.swift import SwiftLine, fits
from sensors.native import Packet

NOW = datetime(2026, 5, 2, tzinfo=UTC)


def varint(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


class Said(NamedTuple):
    """What somebody publishes."""

    topic: str
    mid: int
    payload: bytes
    retain: bool = False
    expiry: bool = False


def a_publish(said: Said) -> bytes:
    """The packet; an identifier of 0 means QoS 0."""
    properties = b"\x02\x00\x00\x00\x3c" if said.expiry else b""
    name = said.topic.encode()
    body = len(name).to_bytes(2, "big") + name + (said.mid.to_bytes(2, "big") if said.mid else b"")
    body += varint(len(properties)) + properties + said.payload
    return bytes((0x30 | (2 if said.mid else 0) | said.retain,)) + varint(len(body)) + body


@contextmanager
def a_line(room: Room) -> Iterator[tuple[SwiftLine, socket.socket]]:
    """A line whose broker is the other end of a socket pair."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    line = SwiftLine(parse_address("mqtt://127.0.0.1"), "test", room, lambda: NOW)
    line.begin(1)
    line._sock = ours
    try:
        yield line, theirs
    finally:
        line._sock = None
        ours.close()
        theirs.close()


PINGRESP = b"\xd0\x00"
SAID = st.builds(
    Said,
    st.sampled_from(["a", "parking/v1/devices/gate-1/reading", "奉节"]),
    st.integers(0, 65_535),
    st.binary(max_size=400) | st.integers(0, 40_000).map(bytes),
    retain=st.booleans(),
    expiry=st.booleans(),
)


@given(
    said=st.lists(SAID, max_size=10),
    cuts=st.lists(st.integers(1, 3_000), min_size=1, max_size=20),
    most=st.integers(1, 5),
)
@example(said=[Said("a", 0, b"", retain=False, expiry=False)] * 4, cuts=[11], most=1)
@settings(max_examples=60, deadline=None)
def test_the_same_packets_however_they_are_cut(said: list[Said], cuts: list[int], most: int) -> None:
    whole = PINGRESP.join(map(a_publish, said))
    room = Room(Size(messages=most))
    told: list[Heard] = []
    with a_line(room) as (line, broker):
        at, n = 0, 0
        while at < len(whole) or line.has_more or select.select([line._sock], [], [], 0)[0]:
            if at < len(whole):
                at, n = at + broker.send(whole[at : at + cuts[n % len(cuts)]]), n + 1
            assert line.loop_read() == FINE
            assert len(room) <= most
            told += room.take()
    assert told == [
        Heard(
            Packet(one.topic, one.payload, NOW, one.retain),
            one.mid.to_bytes(2, "big") if one.mid else b"",
            connection=1,
        )
        for one in said
    ]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x32\xff\xff\xff\xff\xff",
        b"\x32\x02\xff\xff",
        b"\x32\x03\x00\x09a",
        b"\xf7\x05hello",
        b"GET / HTTP/1.1\r\n\r\n" * 30,
    ],
)
def test_nonsense_ends_the_connection_and_nothing_else(nonsense: bytes) -> None:
    room = Room(Size())
    with a_line(room) as (line, broker):
        broker.send(nonsense)
        line.loop_read()
        broker.close()
        line.loop_read()
        assert line.socket() is None
    assert len(room) == 0


def test_acknowledgements_of_a_batch_are_one_write() -> None:
    with a_line(Room(Size())) as (line, broker):
        line.on_socket_register_write = lambda *_: None
        line.send_acks([b"\x00\x01", b"\x01\x00", b"\xff\xff"])
        line.loop_write()
        assert broker.recv(100) == b"\x40\x02\x00\x01\x40\x02\x01\x00\x40\x02\xff\xff"


def test_the_installed_paho_is_the_one_our_reader_was_written_for() -> None:
    assert fits(), "paho has changed: read sensors/feed/swift.py against it, or the feed falls back to a slow line"


def test_json_of_the_street_passes_as_it_is() -> None:
    said = json.dumps({"text": "满"}, ensure_ascii=False).encode()
    room = Room(Size())
    with a_line(room) as (line, broker):
        broker.send(a_publish(Said("parking/v1/signs/G01/shown", 7, said, expiry=True)))
        line.loop_read()
    (heard,) = room.take()
    assert (heard.packet.payload, heard.mid, heard.packet.retained) == (said, b"\x00\x07", False)
