"""MQTT 3.1.1 on a bare socket: as much as a load and a receive-only limit need, and as fast as Python goes.

`python -m bench.rawmqtt say PORT FIRST MESSAGES EACH DEVICES` waits for a line on standard input, then publishes.
`python -m bench.rawmqtt hear PORT MESSAGES` says `ready`, receives and acknowledges so many, tells the time.
"""

import socket
import struct
import sys
import time
from datetime import UTC, datetime

ROOT = "bench/v1"
WINDOW = 5_000
"""Messages a publisher has on their way unconfirmed: enough to keep the broker busy, few enough to stay fair."""
CHUNK = 250
"""Messages in one write."""


def packet(first: int, body: bytes) -> bytes:
    """A control packet: first byte, length, body."""
    length, left = bytearray(), len(body)
    while True:
        length.append(left & 0x7F | (0x80 if left > 0x7F else 0))
        left >>= 7
        if not left:
            return bytes((first,)) + bytes(length) + body


def text(value: str) -> bytes:
    """A string as MQTT writes it."""
    data = value.encode()
    return struct.pack("!H", len(data)) + data


def connect(port: int, name: str, *, clean: bool) -> socket.socket:
    """A session with the broker on this machine."""
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(packet(0x10, text("MQTT") + bytes((4, 2 if clean else 0, 0, 0)) + text(name)))
    if sock.recv(4)[3] != 0:
        raise ConnectionError("the broker refuses")
    return sock


def device(n: int) -> str:
    """Name of a device of the bench."""
    return f"gate-{n:04d}"


def reading(n: int, number: int, at: str) -> str:
    """One gate reading of about 200 bytes with its topic's overhead; `number` is told as its `seq`."""
    return (
        f'{{"kind":"gate","device":"{device(n)}","boot":1746150000,"seq":{number},"at":"{at}",'
        f'"lot":"L{n:04d}","entered":{number},"left":{number // 2}}}'
    )


def chunks(first: int, messages: int, each: int, devices: int) -> list[bytes]:
    """PUBLISH packets with QoS 1, encoded beforehand, `CHUNK` messages a piece."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    pieces = []
    for start in range(0, messages, CHUNK):
        piece = bytearray()
        for m in range(start, min(start + CHUNK, messages)):
            n = m % devices
            said = [reading(n, first + m * each + k, at) for k in range(each)]
            payload = said[0] if each == 1 else f"[{','.join(said)}]"
            mid = struct.pack("!H", m % 65_535 + 1)
            piece += packet(0x32, text(f"{ROOT}/devices/{device(n)}/reading") + mid + payload.encode())
        pieces.append(bytes(piece))
    return pieces


def say(port: int, first: int, messages: int, each: int, devices: int) -> None:
    """Publish it all; returns when the broker has confirmed the last."""
    pieces = chunks(first, messages, each, devices)
    sock = connect(port, f"bench-say-{first}", clean=True)
    print("ready", flush=True)
    sys.stdin.readline()
    sent = acked = 0
    for piece in pieces:
        sock.sendall(piece)
        sent += CHUNK * 4
        while sent - acked > WINDOW * 4:
            acked += len(sock.recv(65_536))
    while acked < messages * 4:
        acked += len(sock.recv(65_536))
    sock.close()


def hear(port: int, messages: int) -> None:
    """Receive and acknowledge, nothing else: the limit."""
    sock = connect(port, "bench-hear", clean=False)
    sock.sendall(packet(0x82, b"\0\1" + text(f"{ROOT}/devices/+/reading") + b"\1"))
    sock.recv(5)
    print("ready", flush=True)
    heard, rest, began = 0, b"", 0.0
    while heard < messages:
        data = rest + sock.recv(262_144)
        began = began or time.perf_counter()
        mids, rest = _split(data)
        heard += len(mids)
        if mids:
            sock.sendall(b"\x40\x02" + b"\x40\x02".join(mids))
    print(time.perf_counter() - began, flush=True)
    sock.close()
    connect(port, "bench-hear", clean=True).close()  # the broker forgets the session


def _split(data: bytes) -> tuple[list[bytes], bytes]:
    """Packet identifiers of whole QoS 1 PUBLISH packets, and the bytes left over."""
    mids: list[bytes] = []
    at, size = 0, len(data)
    while size - at > 5:
        length, body, shift = data[at + 1] & 0x7F, at + 2, 7
        while data[body - 1] & 0x80:
            length |= (data[body] & 0x7F) << shift
            body, shift = body + 1, shift + 7
        if body + length > size:
            break
        topic = data[body] << 8 | data[body + 1]
        mids.append(data[body + 2 + topic : body + 4 + topic])
        at = body + length
    return mids, data[at:]


if __name__ == "__main__":
    run = say if sys.argv[1] == "say" else hear
    run(*map(int, sys.argv[2:]))
