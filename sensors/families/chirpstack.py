"""ChirpStack v4: `application/{application}/device/{dev_eui}/event/up`, JSON.

The JSON is protobuf's: a field that is 0, false or empty is left out, so the first frame of a session has no `fCnt`.
`deduplicationId` names what several gateways heard as one uplink; one such id has one address, counter and time, and
so becomes one reading, however often it is delivered. Format: docs of ChirpStack, integrations, events and MQTT.
"""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from sensors.families.lorawan import Uplink, uplink
from sensors.families.misread import Misread, read_base64, read_json

TOPICS = "application/+/device/+/event/up"


class _DeviceInfo(Struct):
    devEui: str  # noqa: N815 -- ChirpStack's name


class _Up(Struct):
    deduplicationId: Annotated[str, Meta(min_length=1)]  # noqa: N815 -- ChirpStack's names
    time: Annotated[datetime, Meta(tz=True)]
    deviceInfo: _DeviceInfo  # noqa: N815
    devAddr: str = ""  # noqa: N815
    fCnt: int = 0  # noqa: N815
    fPort: int = 0  # noqa: N815
    data: str = ""
    object: dict[str, Any] | None = None


def is_uplink(topic: str) -> bool:
    """Whether this family sends on that topic."""
    match topic.split("/"):
        case ["application", _, "device", _, "event", "up"]:
            return True
    return False


def read_uplink(topic: str, payload: bytes) -> Uplink:
    """The uplink.

    Raises:
        Misread: `utf8`, `json`, `nesting`, `field`, `base64`; `device_other` when topic and payload name two devices.
    """
    said = read_json(payload, _Up)
    if topic.split("/")[3].lower() != said.deviceInfo.devEui.lower():
        raise Misread("device_other")
    return uplink(
        said.deviceInfo.devEui, said.devAddr, said.fCnt, said.time, said.fPort, read_base64(said.data), said.object
    )
