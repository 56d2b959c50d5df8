"""The thread that turns a line: connects, reads while there is room, writes, and connects again after a fault."""

import select
import socket
import threading
import zlib
from collections.abc import Callable, Sequence

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from sensors.feed.line import KEEPALIVE_S, Line
from sensors.feed.room import Room

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 15.0
"""A broker that is back is noticed within this, and a thousand collectors do not storm it."""
GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


def pause_s(name: str, attempt: int) -> float:
    """Pause before the attempt, 1, 2, 3 …: doubling, and between half and all of it by the client's name (jitter)."""
    jitter = 0.5 + zlib.crc32(f"{name} {attempt}".encode()) / 2**33
    return min(FIRST_PAUSE_S * 2.0 ** min(attempt - 1, 10), LONGEST_PAUSE_S) * jitter


class Turn:
    """Owns the line and its thread; `heard`, `state` and, should a bug end it, `broken` are called there."""

    def __init__(
        self,
        line: Line,
        name: str,
        topics: Sequence[str],
        room: Room,
        heard: Callable[[], None],
        state: Callable[[bool, str], None],
        broken: Callable[[BaseException], None],
    ) -> None:
        self._line = line
        self._name = name
        self._topics = topics
        self._room = room
        self._heard = heard
        self._state = state
        self._broken = broken
        self._acks = threading.Lock()
        self._closing = threading.Event()
        self._attempt = 0
        self._stalled = False
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._thread = threading.Thread(target=self._run, name=f"feed {name}", daemon=True)
        line.on_connect = self._on_connect
        line.on_subscribe = self._on_subscribe
        line.on_disconnect = self._on_disconnect
        line.on_socket_register_write = lambda *_: None  # keeps paho from writing in the caller's thread

    def start(self) -> None:
        """Begin; the first connection may take as long as the broker is away."""
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye to the broker and return when the thread has ended. Blocks."""
        self._closing.set()
        self._wake()
        self._thread.join()
        self._wake_in.close()
        self._wake_out.close()

    def acknowledge(self, connection: int, mids: Sequence[bytes]) -> None:
        """Send PUBACKs, if the connection they belong to still stands; otherwise the broker sends again anyway."""
        with self._acks:
            if connection != self._line.connection:
                return
            self._line.send_acks(mids)
        self._wake()

    def made_room(self) -> None:
        """Something was taken out of the room."""
        if self._stalled:
            self._wake()

    def _wake(self) -> None:
        try:
            self._wake_in.send(b".")
        except BlockingIOError:
            return  # it is being woken already

    def _run(self) -> None:
        try:
            self._connect_for_ever()
        except BaseException as bug:
            self._broken(bug)
            raise

    def _connect_for_ever(self) -> None:
        while not self._closing.is_set():
            with self._acks:
                self._line.begin(self._line.connection + 1)
            try:
                self._line.reconnect()
            except OSError as trouble:
                self._state(False, f"{type(trouble).__name__}: {trouble}")
            else:
                self._serve()
            self._attempt += 1
            self._closing.wait(pause_s(self._name, self._attempt))

    def _serve(self) -> None:
        """Turn the line until the connection ends or we are told to close."""
        line = self._line
        while (sock := line.socket()) is not None:
            if self._closing.is_set():
                line.disconnect()
                line.loop_write()
                break
            if not self._step(line, sock.fileno(), getattr(sock, "pending", None)):
                self._state(False, "connection lost while the room was full")
                break
        if (sock := line.socket()) is not None:
            sock.close()

    def _step(self, line: Line, sock: int, pending: Callable[[], int] | None) -> bool:
        """Wait for something to do and do it; False when the connection has gone unnoticed by paho."""
        self._stalled = self._room.left() <= 0
        if self._stalled and self._room.left() > 0:
            return True  # room was made in this very moment, before anybody could know that we wait for it
        more = not self._stalled and (line.has_more or (pending is not None and pending() > 0))
        poll = select.poll()
        poll.register(self._wake_out, select.POLLIN)
        poll.register(sock, (0 if self._stalled else select.POLLIN) | (select.POLLOUT if line.want_write() else 0))
        ready = dict(poll.poll(0 if more else self._longest_wait_ms()))
        if ready.get(self._wake_out.fileno()):
            self._wake_out.recv(4096)
        happened = ready.get(sock, 0)
        if self._stalled:
            return self._hold(line, happened)
        if more or happened & (select.POLLIN | GONE):
            line.read_some()
            if len(self._room):
                self._heard()
        if line.want_write():
            line.loop_write()
        line.loop_misc()
        return True

    def _hold(self, line: Line, happened: int) -> bool:
        """The room is full: write what is due, show that we live, read nothing."""
        if happened & GONE:
            return False
        if not happened and self._room.left() <= 0:
            line.stay_alive()
        if line.want_write():
            line.loop_write()
        return True

    def _longest_wait_ms(self) -> int:
        return int(KEEPALIVE_S * 1000 / 3) if self._stalled else 1000

    def _on_connect(
        self, _c: Client, _u: object, _flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        if code.is_failure:
            self._state(False, f"the broker refuses: {code}")
        else:
            self._line.ask_for(self._topics)

    def _on_subscribe(
        self, _c: Client, _u: object, _mid: int, codes: list[ReasonCode], _properties: Properties | None
    ) -> None:
        refused = ", ".join(str(code) for code in codes if code.is_failure)
        if refused:
            self._state(False, f"the broker refuses a subscription: {refused}")
            return
        self._attempt = 0
        self._state(True, "")

    def _on_disconnect(
        self, _c: Client, _u: object, _flags: DisconnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self._state(False, "closed" if self._closing.is_set() else f"connection lost: {code}")
