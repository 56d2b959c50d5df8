"""Cameras' own events over MQTT, which write values as texts: "active": "1".

Axis publishes `{topic, timestamp, message: {source, key, data}}`; ONVIF (Profile M) publishes
`{UtcTime, PropertyOperation, Source, Key, Data}` on `…/onvif-ej/…`.

A profile's paths say which value is what. An event has no counter: its identity is made of its bytes.
"""

from datetime import datetime

from sensors.families import paths
from sensors.families.misread import Misread, read_object
from sensors.families.statement import Statement
from sensors.profile_shapes import Profile


def statements(payload: bytes, received_at: datetime, profile: Profile) -> list[Statement]:
    """What the event says.

    Raises:
        Misread: `utf8`, `json`, `nesting`, `field`.
    """
    if profile.paths is None:
        raise Misread("field")
    return paths.statements(read_object(payload), payload, received_at, profile.paths)
