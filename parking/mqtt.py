"""EDGE. The outbound connection: lot states, alerts, cases and signs over MQTT, each confirmed by the broker.

No thread: paho's public calls for a foreign event loop, turned by asyncio.
"""

import asyncio
import logging
import math
import zlib
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from parking.address import parse_address
from parking.domain.errors import BrokerDown
from parking.ports import Due

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike  # it exists for type checkers only

log = logging.getLogger(__name__)

KEEPALIVE_S: Final = 30
CONFIRM_S: Final = 10.0
"""A broker that has not confirmed by then is away."""
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 15.0
MOST_IN_FLIGHT: Final = 1_000
OWNED: Final = ("signs/+/show", "lots/+/state", "alerts/+", "cases/+")
"""Retained topics that are ours to clear."""
QUIET_S: Final = 0.3
"""After so long without another retained message there is none left."""

OnState = Callable[[bool, str], None]


class Publisher:
    """Publishes below one root with QoS 1. Enter it before use; it connects, and connects again, by itself."""

    def __init__(
        self, url: str, *, root: str = "parking/v1", client_id: str = "parking-tell", on_state: OnState | None = None
    ) -> None:
        self._address = parse_address(url)
        self._root = root
        self._name = client_id
        self._on_state = on_state
        self._waiting: dict[int, asyncio.Future[ReasonCode]] = {}
        self._retained: dict[str, None] = {}
        self._heard = asyncio.Event()
        self._connected = asyncio.Event()
        self._gone = asyncio.Event()
        self._client = self._make_client()
        self._loop: asyncio.AbstractEventLoop
        self._task: asyncio.Task[None] | None = None
        self._connecting: asyncio.Future[MQTTErrorCode] | None = None

    def _make_client(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, self._name, protocol=MQTTProtocolVersion.MQTTv5)
        client.max_inflight_messages = MOST_IN_FLIGHT
        if self._address.user is not None:
            client.username_pw_set(self._address.user, self._address.password)
        if self._address.tls:
            client.tls_set()
        client.connect_async(self._address.host, self._address.port, KEEPALIVE_S, clean_start=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_socket_register_write = self._on_want_write
        client.on_socket_close = self._on_socket_close
        return client

    async def __aenter__(self) -> Self:
        """Begin to connect; does not wait for the broker."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Say goodbye."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._connecting is not None:
            await asyncio.wait([self._connecting])  # a thread that connects cannot be stopped, and leaves a socket
        self._client.disconnect()
        self._client.loop_write()
        if (sock := self._client.socket()) is not None:
            self._on_socket_close(self._client, None, sock)
            sock.close()

    async def connected(self) -> None:
        """Return once the broker answers."""
        await self._connected.wait()

    async def publish(self, topic: str, payload: bytes, retain: bool = False, expiry_s: float | None = None) -> None:
        """Return once the broker has confirmed; `topic` is below the root.

        Args:
            expiry_s: the broker forgets it after so many machine seconds.

        Raises:
            BrokerDown: it is away or refuses; nothing is queued, say the newest again later.
        """
        if not self._connected.is_set():
            raise BrokerDown(f"{self._address}: not connected")
        sent = self._client.publish(f"{self._root}/{topic}", payload, 1, retain, _expiry(expiry_s))
        self._waiting[sent.mid] = confirmed = self._loop.create_future()
        try:
            async with asyncio.timeout(CONFIRM_S):
                code = await confirmed
        except TimeoutError as trouble:
            raise BrokerDown(f"{self._address}: no confirmation within {CONFIRM_S:.0f} s") from trouble
        finally:
            self._waiting.pop(sent.mid, None)
        if code.is_failure:
            raise BrokerDown(f"{self._address}: refuses {topic}: {code}")

    async def clear_orphans(self, known: Collection[str]) -> tuple[str, ...]:
        """Clear retained topics of signs, lots, alerts and cases that no longer have an owner; returns which.

        Args:
            known: topics below the root that have one, such as `signs/G01/show` or `alerts/A-…`.

        Raises:
            BrokerDown: it is away; try again.
        """
        filters = [f"{self._root}/{owned}" for owned in OWNED]
        self._retained.clear()
        self._client.subscribe([(topic, 0) for topic in filters])
        await self._until_quiet()
        self._client.unsubscribe(filters)
        orphans = tuple(topic for topic in self._retained if topic not in known)
        for topic in orphans:
            await self.publish(topic, b"", retain=True)
        return orphans

    async def _until_quiet(self) -> None:
        try:
            while True:
                self._heard.clear()
                async with asyncio.timeout(QUIET_S):
                    await self._heard.wait()
        except TimeoutError:
            return

    async def _run(self) -> None:
        attempt = 0
        while True:
            try:
                self._connecting = self._loop.run_in_executor(None, self._client.reconnect)
                await asyncio.shield(self._connecting)
            except OSError as trouble:
                self._tell(False, f"{type(trouble).__name__}: {trouble}")
            else:
                attempt = await self._serve(attempt)
            attempt += 1
            jitter = 0.5 + zlib.crc32(f"{self._name} {attempt}".encode()) / 2**33
            await asyncio.sleep(min(FIRST_PAUSE_S * 2.0 ** min(attempt - 1, 10), LONGEST_PAUSE_S) * jitter)

    async def _serve(self, attempt: int) -> int:
        """Until the connection ends; returns how many attempts count as failed so far."""
        self._gone.clear()
        sock = self._client.socket()
        if sock is None:
            return attempt
        self._loop.add_reader(sock.fileno(), self._read)
        while self._client.socket() is not None:
            self._client.loop_misc()
            if self._connected.is_set():
                attempt = 0
            try:
                async with asyncio.timeout(1.0):
                    await self._gone.wait()
            except TimeoutError:
                continue
        return attempt

    def _read(self) -> None:
        self._client.loop_read()
        sock = self._client.socket()
        while sock is not None and hasattr(sock, "pending") and sock.pending():
            self._client.loop_read()
            sock = self._client.socket()

    def _on_want_write(self, _client: Client, _userdata: object, _sock: "SocketLike") -> None:
        """Called by whichever thread has something to say: the loop's, or the one that connects."""
        self._loop.call_soon_threadsafe(self._want_write)

    def _want_write(self) -> None:
        if (sock := self._client.socket()) is not None:
            self._loop.add_writer(sock.fileno(), self._write, sock.fileno())

    def _write(self, fileno: int) -> None:
        self._client.loop_write()
        if not self._client.want_write() and self._client.socket() is not None:
            self._loop.remove_writer(fileno)

    def _on_socket_close(self, _client: Client, _userdata: object, sock: "SocketLike") -> None:
        self._loop.remove_reader(sock.fileno())
        self._loop.remove_writer(sock.fileno())
        self._gone.set()

    def _on_connect(
        self, _c: Client, _u: object, _flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        if code.is_failure:
            self._tell(False, f"the broker refuses: {code}")
            return
        self._connected.set()
        self._tell(True, "")

    def _on_disconnect(
        self, _c: Client, _u: object, _flags: DisconnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self._connected.clear()
        self._client.drop_out_messages()
        for confirmed in self._waiting.values():
            if not confirmed.done():
                confirmed.set_exception(BrokerDown(f"{self._address}: connection lost: {code}"))
        self._tell(False, f"connection lost: {code}")

    def _on_publish(self, _c: Client, _u: object, mid: int, code: ReasonCode, _properties: Properties | None) -> None:
        confirmed = self._waiting.get(mid)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(code)

    def _on_message(self, _c: Client, _u: object, message: MQTTMessage) -> None:
        if message.retain and message.payload:  # live traffic says nothing about what is still to come from memory
            self._retained[message.topic.removeprefix(f"{self._root}/")] = None
            self._heard.set()

    def _tell(self, up: bool, detail: str) -> None:
        if self._on_state is not None:
            self._on_state(up, detail)


def _expiry(expiry_s: float | None) -> Properties | None:
    if expiry_s is None:
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho left it untyped
    properties.MessageExpiryInterval = max(1, math.ceil(expiry_s))
    return properties


class MqttSink:
    """Tells alerts and cases on their topics."""

    name = "mqtt"

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def deliver(self, due: Due) -> None:
        """Return once the broker has it; raises BrokerDown otherwise. A message without topic is not for MQTT."""
        message = due.message
        if message.topic:
            await self._publisher.publish(message.topic, message.body, message.retain)
