"""Who speaks where: devices with a profile by their topic or EUI, and what is wrong with how they were registered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from parking.domain.device import Device, Installation
from sensors.families import chirpstack, frigate, things_stack
from sensors.families.lorawan import EUI
from sensors.profile_shapes import Family, Kind, Profile

NETWORK_SERVERS: Final = (chirpstack.TOPICS, things_stack.TOPICS)
WILDCARDS: Final = "+#"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a family without network server: all its devices have one profile."""

    profile: Profile
    devices: dict[str, Device] = field(default_factory=dict)
    """By what the messages call them; under "" the one that needs no name."""


@dataclass(frozen=True, slots=True)
class Routes:
    """The way from a message to its device and profile."""

    by_eui: dict[str, tuple[Device, Profile]]
    by_topic: dict[str, Topic]

    def subscriptions(self, root: str) -> tuple[str, ...]:
        """Topics beyond our own wire's, only those that somebody speaks on."""
        servers = NETWORK_SERVERS if self.by_eui else ()
        return (*servers, *sorted(topic for topic in self.by_topic if not topic.startswith(f"{root}/devices/")))


def make_routes(root: str, devices: Iterable[Device], profiles: Mapping[str, Profile]) -> Routes:
    """Routes of the devices that have a profile; what `problems` names must not be."""
    by_eui: dict[str, tuple[Device, Profile]] = {}
    by_topic: dict[str, Topic] = {}
    for device in devices:
        at = device.installed
        if at is None:
            continue
        profile = profiles[at.profile]
        if profile.family is Family.LORAWAN:
            by_eui[at.address.lower()] = (device, profile)
            continue
        for topic in _topics(root, device, at, profile):
            by_topic.setdefault(topic, Topic(profile)).devices[at.key] = device
    return Routes(by_eui, by_topic)


def _topics(root: str, device: Device, at: Installation, profile: Profile) -> tuple[str, ...]:
    address = at.address or f"{root}/devices/{device.id}/reading"
    return frigate.topics(address) if profile.family is Family.FRIGATE else (address,)


def problems(devices: Iterable[Device], profiles: Mapping[str, Profile]) -> list[str]:
    """Everything that is wrong with devices' installations, each with what to do."""
    found: list[str] = []
    taken: dict[tuple[str, str], str] = {}
    topics: dict[str, str] = {}
    for device in devices:
        at = device.installed
        if at is None:
            continue
        profile = profiles.get(at.profile)
        wrong = [f"there is no profile {at.profile!r}; `parking decode --list` names them"]
        if profile is not None:
            wrong = [*_misfits(device, at, profile), *_shared(device, at, taken, topics)]
        found += [f"devices.toml device {device.id}: {one}" for one in wrong]
    return found


def _shared(
    device: Device, at: Installation, taken: dict[tuple[str, str], str], topics: dict[str, str]
) -> Iterable[str]:
    """Two devices cannot be told apart, or a topic is read in two ways."""
    if not at.address:
        return
    other = taken.setdefault((at.address.lower(), at.key), str(device.id))
    if other != device.id:
        yield f"{other} has the same address and key; give each its own"
    if topics.setdefault(at.address, at.profile) != at.profile:
        yield f"its topic is read with profile {topics[at.address]} already; one topic has one profile"


def _misfits(device: Device, at: Installation, profile: Profile) -> Iterable[str]:
    yield from _wrong_address(at, profile)
    own, kind = (device.sections, "section") if profile.kind is Kind.VIOLATION else (device.lots, "lot")
    if len(own) != 1:
        yield f'a {profile.kind} belongs to one {kind}; give {kind}s = ["…"]'
    if profile.kind is Kind.BAY and not at.bay and profile.family is not Family.SENML:
        yield 'it watches a bay without name; give bay = "…"'
    if profile.kind is Kind.COUNTER:
        yield from _wrong_ways(at, profile)
    yield from _wrong_thresholds(at, profile)
    if device.period.total_seconds() < profile.period_s:
        yield f"period_s is shorter than the {profile.period_s:g} s of its profile; it would be called silent too early"


def _wrong_address(at: Installation, profile: Profile) -> Iterable[str]:
    if profile.family is Family.LORAWAN:
        if not EUI.fullmatch(at.address.lower()):
            yield f"address is {at.address!r}; give the device EUI, 16 hex digits"
    elif profile.family is not Family.SENML and not at.address:
        yield "it has no address; give the topic it publishes on"
    elif any(sign in at.address for sign in WILDCARDS):
        yield f"address {at.address!r} holds a wildcard; a device speaks on a topic of its own"


def _wrong_thresholds(at: Installation, profile: Profile) -> Iterable[str]:
    below = profile.meaning.taken_below_mm if at.taken_below_mm is None else at.taken_below_mm
    above = profile.meaning.free_above_mm if at.free_above_mm is None else at.free_above_mm
    if not profile.meaning.distance_mm:
        if at.taken_below_mm is not None or at.free_above_mm is not None:
            yield "its profile measures no distance; leave taken_below_mm and free_above_mm out"
    elif below > above:
        yield f"taken_below_mm {below:g} is above free_above_mm {above:g}; between the two nothing changes"


def _wrong_ways(at: Installation, profile: Profile) -> Iterable[str]:
    ways = ", ".join(profile.meaning.ways)
    named = [way for way in (at.way_in, at.way_out) if way]
    if not named:
        yield f"nobody knows which way it counts; give way_in or way_out, one of {ways}"
    if any(way not in profile.meaning.ways for way in named) or len(set(named)) < len(named):
        yield f"way_in {at.way_in!r}, way_out {at.way_out!r}; this profile counts {ways}, each once"
