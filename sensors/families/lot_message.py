"""Messages of a lot's own system (车场系统), in the two shapes that Chinese platforms use.

Flat: `{park_id, total_space, free_space, uuid}`. In an envelope: `{code, uuid, serviceId, parkCode, dataItems: […]}`.

Names differ from platform to platform, so a profile's paths give them. `key` tells the lot: one platform speaks of many
on one topic. A message without counts, such as the presence message every 30 s, is proof of life. Identity: `uuid`.
"""

from datetime import datetime

from sensors.families import paths
from sensors.families.misread import Misread, read_object
from sensors.families.statement import Statement
from sensors.profile_shapes import Profile


def statements(payload: bytes, received_at: datetime, profile: Profile) -> list[Statement]:
    """What the message says, one statement for each lot or item.

    Raises:
        Misread: `utf8`, `json`, `nesting`, `field`, `shape`.
    """
    if profile.paths is None:
        raise Misread("field")
    return paths.statements(read_object(payload), payload, received_at, profile.paths)
