"""The same line, three times as fast: large reads, whole batches, PUBACKs of a batch in one write.

It overrides paho's reader and uses private names of exactly the version it was written for; `fits` says whether they
are there, and stock paho is used otherwise. Decision and figures: docs/decisions/0004-broker.md.
"""

import time
from collections.abc import Sequence
from typing import Any

import paho.mqtt
from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.exception import MalformedPacket

from sensors.feed.line import FINE, Line
from sensors.feed.room import Heard
from sensors.native import Packet

VERSION = "2.2.0"
PRIVATE = ("_sock_recv", "_loop_rc_handle", "_packet_handle", "_packet_queue", "_send_pingreq", "_sock_close")
CHUNK = 256 * 1024
"""Bytes asked of the socket at once: some 1,000 readings."""
PUBLISH = 0x30
PUBACK = b"\x40\x02"
"""A PUBACK without reason code is these two bytes and the packet identifier, in 3.1.1 and in 5."""
LOST = MQTTErrorCode.MQTT_ERR_CONN_LOST
BROKEN = MQTTErrorCode.MQTT_ERR_PROTOCOL


def fits() -> bool:
    """Whether the installed paho is the one this was written for."""
    return paho.mqtt.__version__ == VERSION and all(hasattr(Client, name) for name in PRIVATE)


class SwiftLine(Line):
    """Parses PUBLISH itself; every other packet goes paho's own way."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- the line's own, passed on
        super().__init__(*args, **options)
        self.begin(0)

    def begin(self, connection: int) -> None:
        """A new connection starts; forget what the one before left half read."""
        super().begin(connection)
        self._chunks: list[bytes] = []
        self._missing = 0
        """Bytes still to come before `_chunks` hold a whole packet."""
        self._waiting = b""
        """Whole packets that found no room."""

    @property
    def has_more(self) -> bool:
        """Whether messages have been read off the socket but not yet let into the room."""
        return bool(self._waiting)

    def read_some(self) -> None:
        """Let in what has come, as far as there is room."""
        self.loop_read()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read once, unless something waits for room already, and let in as much as there is room for."""
        data = self._waiting
        if not data:
            try:
                chunk = self._sock_recv(CHUNK)
            except BlockingIOError:
                return FINE
            except OSError:
                return self._loop_rc_handle(LOST)
            if not chunk:
                return self._loop_rc_handle(LOST)
            self._last_bytes_received = time.monotonic()
            self._chunks.append(chunk)
            self._missing -= len(chunk)
            if self._missing > 0:
                return FINE
            data = b"".join(self._chunks)
        self._waiting, self._chunks, self._missing = b"", [], 0
        try:
            rc = self._let_in(data)
        except (MalformedPacket, IndexError):
            rc = BROKEN
        return self._loop_rc_handle(rc) if rc else FINE

    def send_acks(self, mids: Sequence[bytes]) -> None:
        """Queue PUBACKs for these identifiers of the present connection, as one write."""
        self._packet_queue(PUBACK[0], PUBACK + PUBACK.join(mids), 0, 1)

    def stay_alive(self) -> None:
        """Ping while nothing is read; the answer waits behind the messages, so none is expected."""
        self._send_pingreq()
        self._ping_t = 0.0

    def _let_in(self, data: bytes) -> MQTTErrorCode:
        """Packets of `data` into the room; what is left over waits for bytes or for room."""
        heard: list[Heard] = []
        left = self.room.left()
        at, size, rc = 0, len(data), FINE
        while rc == FINE and self._sock is not None:
            body, end = _frame(data, at, size)
            if end > size:
                self._chunks, self._missing = [data[at:]], end - size
                break
            if data[at] & 0xF0 != PUBLISH:
                rc = self._pass_on(data[at], data[body:end])
            elif len(heard) < left:
                heard.append(self._publish(data[at], data, body, end))
            else:
                self._waiting = data[at:]
                break
            at = end
        self.room.put(heard)
        return rc

    def _publish(self, first: int, data: bytes, body: int, end: int) -> Heard:
        """A PUBLISH packet: topic, identifier when QoS is not 0, properties in MQTT 5, and the rest is the payload."""
        at = body + 2 + (data[body] << 8 | data[body + 1])
        topic = data[body + 2 : at]
        mid = b""
        if first & 0b110:
            mid = data[at : at + 2]
            at += 2
        if self.five:
            length, at = _varint(data, at)
            at += length
        if at > end:
            raise MalformedPacket("a PUBLISH longer inside than outside")
        packet = Packet(topic.decode(errors="replace"), data[at:end], self.now(), bool(first & 1))
        return Heard(packet, mid, self.connection)

    def _pass_on(self, first: int, body: bytes) -> MQTTErrorCode:
        self._in_packet = {
            "command": first,
            "have_remaining": 1,
            "remaining_count": [],
            "remaining_mult": 1,
            "remaining_length": len(body),
            "packet": bytearray(body),
            "to_process": 0,
            "pos": 0,
        }
        return self._packet_handle()


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer of MQTT, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 21:
            raise MalformedPacket("a length of more than four bytes")


def _frame(data: bytes, at: int, size: int) -> tuple[int, int]:
    """Where the packet at `at` has its body and its end; an end beyond `size` when more bytes are needed to tell."""
    if size - at < 2:
        return at, at + 2
    if data[at + 1] < 0x80:
        return at + 2, at + 2 + data[at + 1]
    if size - at < 5 and data[size - 1] >= 0x80:
        return at, size + 1
    length, body = _varint(data, at + 1)
    return body, body + length
