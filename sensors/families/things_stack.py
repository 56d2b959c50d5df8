"""The Things Stack v3: `v3/{application}@{tenant}/devices/{device}/up`, JSON; open-source servers have no `@tenant`.

Fields that are 0, false or empty are left out. The topic names the device by an id of the server's; ours is known by
its EUI, which stands in the payload. QoS is 0 there, so an uplink may be lost on the way; none comes twice. Format:
docs of The Things Stack, integrations, data formats and MQTT.
"""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from sensors.families.lorawan import Uplink, uplink
from sensors.families.misread import Misread, read_base64, read_json

TOPICS = "v3/+/devices/+/up"


class _Ids(Struct):
    device_id: str
    dev_eui: str
    dev_addr: str = ""


class _Message(Struct):
    f_cnt: int = 0
    f_port: int = 0
    frm_payload: str = ""
    decoded_payload: dict[str, Any] | None = None
    received_at: Annotated[datetime, Meta(tz=True)] | None = None


class _Up(Struct):
    end_device_ids: _Ids
    uplink_message: _Message
    received_at: Annotated[datetime, Meta(tz=True)]
    simulated: bool = False


def is_uplink(topic: str) -> bool:
    """Whether this family sends on that topic."""
    match topic.split("/"):
        case ["v3", _, "devices", _, "up"]:
            return True
    return False


def read_uplink(topic: str, payload: bytes) -> Uplink:
    """The uplink, at the time when the network server heard it.

    Raises:
        Misread: `utf8`, `json`, `nesting`, `field`, `base64`; `device_other` when topic and payload name two devices;
            `simulated` when somebody tried the server out: no car stands behind it.
    """
    said = read_json(payload, _Up)
    ids, message = said.end_device_ids, said.uplink_message
    if topic.split("/")[3] != ids.device_id:
        raise Misread("device_other")
    if said.simulated:
        raise Misread("simulated")
    at = message.received_at or said.received_at
    data = read_base64(message.frm_payload)
    return uplink(ids.dev_eui, ids.dev_addr, message.f_cnt, at, message.f_port, data, message.decoded_payload)
