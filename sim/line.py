"""EDGE. Each device's own MQTT connection, with its own name and Will; all of them in one event loop.

What a broken line could not deliver waits in the client (QoS 1) and goes out again unchanged when the broker is back.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from parking.address import BrokerAddress
from sim.wire import Message

log = logging.getLogger(__name__)

KEEPALIVE_S: Final = 60
CONNECT_S: Final = 2.0
KEPT: Final = 2000
"""Messages a device keeps while its line is broken: hours of its talk. Totals make up for what is lost beyond."""
RETRY_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Machine seconds between tries of a broken line."""

Heard = Callable[[bytes], None]


class Wire(Protocol):
    """A socket as the event loop needs it, plain or with TLS."""

    def fileno(self) -> int:
        """Its descriptor."""
        ...


class Line:
    """One device's connection. Lives in the running event loop."""

    def __init__(
        self,
        address: BrokerAddress,
        root: str,
        device: str,
        *,
        will: Callable[[], Message],
        greet: Callable[[], Message],
        heard: Heard | None,
        password: str | None,
    ) -> None:
        """`will` and `greet` make each new connection's statuses; `heard` makes it a sign that listens for `show`."""
        self._address, self._root, self._device = address, root, device
        self._will, self._greet, self._heard = will, greet, heard
        self._loop = asyncio.get_running_loop()
        self._failed = 0
        self._retry_at = 0.0
        self.is_up = False
        self.dropped = 0
        """Messages the full buffer had no room for."""
        self._client = self._make_client(password)

    def try_connect(self) -> bool:
        """Open the line when it is broken and a try is due; whether the broker could be reached at all."""
        if self.is_up or time.monotonic() < self._retry_at:
            return True
        self._postpone()
        will = self._will()
        self._client.will_set(f"{self._root}/{will.topic}", will.encode(), qos=1, retain=will.retain)
        session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # ships without types
        session.SessionExpiryInterval = 3600
        try:
            self._client.connect(
                self._address.host, self._address.port, KEEPALIVE_S, clean_start=False, properties=session
            )
        except OSError as trouble:
            log.debug("no line: %s", trouble, extra={"device": self._device})
            return False
        return True

    def send(self, message: Message) -> None:
        """Hand over to the client; it keeps the message until the broker has it."""
        told = self._client.publish(f"{self._root}/{message.topic}", message.encode(), qos=1, retain=message.retain)
        if told.rc == MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
            self.dropped += 1

    def tend(self) -> None:
        """Keep-alive; call about once a second."""
        self._client.loop_misc()

    def hang_up(self) -> None:
        """A clean goodbye: no Will."""
        self._client.disconnect()

    def _make_client(self, password: str | None) -> Client:
        name = f"{self._root.replace('/', '-')}-{self._device}"
        client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5)
        client.connect_timeout = CONNECT_S
        client.max_queued_messages_set(KEPT)
        if password is not None:
            client.username_pw_set(self._device, password)
        elif self._address.user is not None:
            client.username_pw_set(self._address.user, self._address.password)
        if self._address.tls:
            client.tls_set_context(ssl.create_default_context())
        client.on_connect, client.on_disconnect, client.on_message = self._connected, self._broken, self._message
        client.on_socket_open, client.on_socket_close = self._open, self._close
        client.on_socket_register_write, client.on_socket_unregister_write = self._want_write, self._no_write
        return client

    def _postpone(self) -> None:
        self._retry_at = time.monotonic() + RETRY_S[min(self._failed, len(RETRY_S) - 1)]
        self._failed += 1

    def _connected(
        self, client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        if code.is_failure:
            log.warning("the broker refused: %s", code, extra={"device": self._device})
            return
        self.is_up, self._failed = True, 0
        if self._heard is not None:
            client.subscribe(f"{self._root}/signs/{self._device}/show", qos=1)
        self.send(self._greet())

    def _broken(
        self, _client: Client, _data: object, _flags: DisconnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        self.is_up = False
        self._postpone()
        log.debug("line broken: %s", code, extra={"device": self._device})

    def _message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if self._heard is not None:
            self._heard(bytes(message.payload))

    def _open(self, client: Client, _data: object, line: Wire) -> None:
        self._loop.add_reader(line.fileno(), client.loop_read)

    def _close(self, _client: Client, _data: object, line: Wire) -> None:
        self._loop.remove_reader(line.fileno())
        self._loop.remove_writer(line.fileno())

    def _want_write(self, client: Client, _data: object, line: Wire) -> None:
        self._loop.add_writer(line.fileno(), client.loop_write)

    def _no_write(self, _client: Client, _data: object, line: Wire) -> None:
        self._loop.remove_writer(line.fileno())


class Lines:
    """Every device's line."""

    def __init__(self, lines: Mapping[str, Line]) -> None:
        self._lines = lines

    @property
    def up(self) -> int:
        """Lines that stand."""
        return sum(line.is_up for line in self._lines.values())

    def send(self, messages: Iterable[Message]) -> None:
        """Each message on its device's line."""
        for message in messages:
            self._lines[message.device].send(message)

    def connect(self) -> None:
        """Try broken lines; when the broker cannot be reached, the others wait for the next call."""
        for line in self._lines.values():
            if not line.try_connect():
                return

    def tend(self) -> None:
        """Keep-alives; call about once a second."""
        for line in self._lines.values():
            line.tend()

    def hang_up(self) -> None:
        """All say goodbye."""
        for line in self._lines.values():
            line.hang_up()
