"""Messages as network servers, cameras and lot systems send them: a test names only what matters to it."""

# ruff: noqa: ANN401 -- makers take the messages' own fields, of any type

import base64
import json
from typing import Any

from parking.device_profiles import read_profiles
from sensors.profile_shapes import Profile

PROFILES = read_profiles()
EUI = "70b3d52dd1000017"
UP = f"application/4/device/{EUI}/event/up"
THINGS_UP = "v3/town@county/devices/bay-017/up"
AT = "2026-05-13T03:59:58.775023242+00:00"


def profile(name: str) -> Profile:
    """A shipped profile."""
    return PROFILES[name]


def as_base64(data: bytes) -> str:
    """Standard base64."""
    return base64.b64encode(data).decode()


def a_chirpstack_up(sent: bytes = b"\x01", /, **changes: Any) -> bytes:
    """An uplink of ChirpStack v4; a field set to None is left out, as protobuf leaves out what is 0."""
    said: dict[str, Any] = {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": AT,
        "deviceInfo": {"tenantId": "52f14cd4", "applicationId": "4", "deviceName": "bay-017", "devEui": EUI},
        "devAddr": "00189440",
        "adr": True,
        "dr": 1,
        "fCnt": 17,
        "fPort": 1,
        "confirmed": True,
        "data": as_base64(sent),
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "uplinkId": 4217106255, "rssi": -36, "snr": 10.5}],
        "txInfo": {"frequency": 867100000, "modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 11}}},
    }
    return json.dumps({name: value for name, value in {**said, **changes}.items() if value is not None}).encode()


def a_things_up(sent: bytes = b"\x01", /, ids: dict[str, Any] | None = None, **changes: Any) -> bytes:
    """An uplink of The Things Stack v3; changes are those of its `uplink_message`, None leaves out."""
    message: dict[str, Any] = {
        "session_key_id": "AXA50==",
        "f_cnt": 17,
        "f_port": 1,
        "frm_payload": as_base64(sent),
        "rx_metadata": [{"gateway_ids": {"gateway_id": "gtw1"}, "rssi": -35, "snr": 5.2}],
        "received_at": "2026-05-13T03:59:58.575113418Z",
    }
    said = {
        "end_device_ids": {
            "device_id": "bay-017",
            "application_ids": {"application_id": "town"},
            "dev_eui": EUI.upper(),
            "dev_addr": "00189440",
            **(ids or {}),
        },
        "correlation_ids": ["as:up:01"],
        "received_at": "2026-05-13T03:59:58.775Z",
        "uplink_message": {name: value for name, value in {**message, **changes}.items() if value is not None},
    }
    return json.dumps(said).encode()


def a_frigate_event(**changes: Any) -> bytes:
    """A car that has stood in a zone for five minutes; changes are those of `after`."""
    after: dict[str, Any] = {
        "id": "1778644498.475377-mxklsc",
        "camera": "north",
        "frame_time": 1778644798.5,
        "start_time": 1778644498.5,
        "label": "car",
        "score": 0.79,
        "current_zones": ["fire_lane"],
        "entered_zones": ["drive", "fire_lane"],
        "stationary": True,
        "false_positive": False,
        "recognized_license_plate": "渝A12345",
        **changes,
    }
    said = {"type": after.pop("type", "update"), "before": {}, "after": after}
    return json.dumps(said, ensure_ascii=False).encode()


def an_axis_event(**data: Any) -> bytes:
    """An Axis event; values are texts."""
    return json.dumps(
        {
            "topic": "axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1",
            "timestamp": 1778644798500,
            "serial": "ACCC8EF85A01",
            "message": {"source": {}, "key": {}, "data": {name: str(value) for name, value in data.items()}},
        }
    ).encode()


def a_flat_lot_message(**changes: Any) -> bytes:
    """A lot of 200 bays with 50 free."""
    said = {"park_id": "FJ-21", "total_space": 200, "free_space": 50, "uuid": "a1f0", "sign": "x", **changes}
    return json.dumps(said).encode()


def an_enveloped_lot_message(*items: Any, **changes: Any) -> bytes:
    """The same in an envelope; without items it is a presence message."""
    said = {"code": "0", "uuid": "b7c2", "serviceId": "space", "parkCode": "FJ-21", "dataItems": list(items), **changes}
    return json.dumps(said).encode()
