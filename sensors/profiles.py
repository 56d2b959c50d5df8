"""Device profiles out of their text. Pure: whoever has the files hands the text over."""

import re
import tomllib
from collections.abc import Mapping
from typing import Final

import msgspec

from parking.domain.errors import BadProfile
from sensors.profile_shapes import Kind, Meaning, Profile

NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9.]+)+")
"""vendor-device, with the codec version behind it where there are several."""

MEANS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.BAY: ("taken", "distance_mm"),
    Kind.COUNTER: ("ways",),
    Kind.GATE: ("entered",),
    Kind.COUNT: ("count", "free", "share"),
    Kind.VIOLATION: ("image_ref",),
}
"""A profile of this kind says at least one of these."""


def parse_profile(name: str, text: str) -> Profile:
    """The profile of that name.

    Raises:
        BadProfile: with the place and what is wrong.
    """
    where = f"{name}.toml"
    if not NAME.fullmatch(name):
        raise BadProfile(f"{where}: name it vendor-device.toml, in lower case")
    try:
        profile = msgspec.convert(tomllib.loads(text), Profile)
    except tomllib.TOMLDecodeError as trouble:
        raise BadProfile(f"{where}: {trouble}; mend the TOML") from trouble
    except msgspec.ValidationError as trouble:
        raise BadProfile(f"{where}: {trouble}; docs/device-vendors.md lists the words") from trouble
    if problem := _problem(profile):
        raise BadProfile(f"{where}: {problem}")
    return msgspec.structs.replace(profile, name=name)


def _problem(profile: Profile) -> str:
    means = profile.meaning
    if not any(getattr(means, one) for one in MEANS[profile.kind]):
        return f"kind {profile.kind} needs {' or '.join(MEANS[profile.kind])} in [meaning]"
    if means.distance_mm and not 0 < means.taken_below_mm <= means.free_above_mm:
        return "give taken_below_mm, and free_above_mm not below it: a distance alone says nothing"
    known = _told(profile)
    unknown = [name for name in _meant(means) if known and name not in known]
    return f"no message tells {', '.join(unknown)}; mend [meaning] or name the field" if unknown else ""


def _meant(means: Meaning) -> list[str]:
    """Names of values that the meaning speaks of."""
    texts = ("taken", "distance_mm", "count", "free", "total", "share", "entered", "left", "battery", "firmware")
    return [name for name in (*(getattr(means, one) for one in texts), *means.ways.values()) if name]


def _told(profile: Profile) -> set[str]:
    """Names of values that the profile's messages can tell; empty when others decide that."""
    fields = [
        *(field for message in profile.message for field in message.fields),
        *(field for message in profile.message for item in message.items for field in item.fields),
    ]
    told = {field.name for field in fields} | {name for message in profile.message for name in message.tells}
    told |= {record.gives for record in profile.record}
    return told | set(profile.paths.values if profile.paths else ())
