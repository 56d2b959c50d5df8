"""A line to the broker on stock paho, public names only: what it hears waits for its acknowledgement."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from parking.address import BrokerAddress
from sensors.feed.room import Heard, Room
from sensors.native import Packet

FINE = MQTTErrorCode.MQTT_ERR_SUCCESS
KEEPALIVE_S = 30
"""A dead broker is noticed within a minute."""
SESSION_S = 14 * 24 * 3600
"""The broker keeps our unread messages for a fortnight: longer than any repair over a holiday."""
RETAINED_ONCE = 1
"""MQTT 5 retain handling: retained messages come with a new subscription only, not again on every reconnect."""
READS = 500
"""Messages between two looks at what is to be written; the other thread takes some meanwhile."""
MOST_IN_FLIGHT = 65_535
"""Packet identifiers there are."""


class Line(Client):
    """One client with a fixed name and a session that outlives it. Its owner's thread turns it."""

    def __init__(
        self, address: BrokerAddress, name: str, room: Room, now: Callable[[], datetime], *, version: int = 5
    ) -> None:
        self.five = version == 5
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            clean_session=None if self.five else False,
            protocol=MQTTProtocolVersion.MQTTv5 if self.five else MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        self.room = room
        self.now = now
        self.connection = 0
        if address.user is not None:
            self.username_pw_set(address.user, address.password)
        if address.tls:
            self.tls_set()
        if self.five:
            session = _session(room.left())
            self.connect_async(address.host, address.port, KEEPALIVE_S, clean_start=False, properties=session)
        else:
            self.connect_async(address.host, address.port, KEEPALIVE_S)
        self.on_message = self._hear

    def begin(self, connection: int) -> None:
        """The connection of that number starts."""
        self.connection = connection

    @property
    def has_more(self) -> bool:
        """Whether messages have been read off the socket but not yet let into the room."""
        return False

    def read_some(self) -> None:
        """Let in what has come, as far as there is room and not for too long: paho takes one packet a call."""
        for _ in range(min(self.room.left(), READS)):
            before = len(self.room)
            self.loop_read()
            if len(self.room) <= before:
                return

    def ask_for(self, topics: Iterable[str]) -> None:
        """Subscribe with QoS 1."""
        if self.five:
            options = SubscribeOptions(qos=1, retainHandling=RETAINED_ONCE)
            self.subscribe([(topic, options) for topic in topics])
        else:
            self.subscribe([(topic, 1) for topic in topics])

    def send_acks(self, mids: Sequence[bytes]) -> None:
        """Queue PUBACKs for these identifiers of the present connection."""
        for mid in mids:
            self.ack(int.from_bytes(mid, "big"), 1)

    def stay_alive(self) -> None:
        """Called now and then while the room is full and nothing is read.

        Stock paho cannot ping without reading: the broker may hang up, and sends everything again later.
        """

    def _hear(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        mid = message.mid.to_bytes(2, "big") if message.qos else b""
        packet = Packet(message.topic, bytes(message.payload), self.now(), message.retain)
        self.room.put([Heard(packet, mid, self.connection)])


def _session(window: int) -> Properties:
    """The broker keeps the session, and sends no more than fits before we acknowledge."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho left it untyped
    properties.SessionExpiryInterval = SESSION_S
    properties.ReceiveMaximum = min(window, MOST_IN_FLIGHT)
    return properties
