"""`parking decode`: what a device's bytes or message mean by its profile, without registry, broker or database."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from parking.codec import input_to_builtins
from parking.device_profiles import read_profiles
from parking.domain.device import Device, DeviceKind, Installation
from parking.domain.errors import BadProfile
from parking.domain.ids import DeviceId, LotId, SectionId
from parking.streetclock import StreetClock, real_time
from sensors.dispatch import FAMILIES, uplink_of
from sensors.families.lorawan import Uplink, statement
from sensors.families.misread import Misread
from sensors.families.statement import Statement
from sensors.meaning import reading_of
from sensors.profile_shapes import Family, Profile

SOMEWHERE = "-"
"""Stands for lot, bay and section, which only a registry knows."""
REMEDIES: Mapping[str, str] = {
    "port": "this profile knows no message on that fPort; check --fport and the codec version",
    "layout": "no message of this profile has that length and these marks; check the bytes and the codec version",
    "length": "the bytes end before a field does; check that --hex is whole",
    "item": "the first tagged value is unknown to this profile; check the model",
    "base64": "the payload's data is not base64",
    "decoded": "this profile reads what the network server decoded, and the message has nothing decoded",
    "device_other": "topic and payload name two devices",
    "simulated": "the network server says that this uplink was simulated",
}


def decode(
    profile: Annotated[str, typer.Option(help="设备型号 · Profile, such as bosch-tps110")] = "",
    fport: Annotated[int, typer.Option(help="LoRaWAN fPort", min=0, max=255)] = 1,
    hexa: Annotated[str, typer.Option("--hex", help="设备发来的字节（十六进制） · The device's bytes")] = "",
    topic: Annotated[str, typer.Option(help="整条消息的主题 · Topic of a whole message")] = "",
    payload: Annotated[str, typer.Option(help="整条消息的文件，- 为标准输入 · Its file, - for standard input")] = "",
    below: Annotated[float | None, typer.Option("--taken-below-mm", help="近于此距离为占用 · Nearer is taken")] = None,
    above: Annotated[float | None, typer.Option("--free-above-mm", help="远于此距离为空闲 · Farther is free")] = None,
    town: Annotated[str, typer.Option(help="城镇目录，其中 profiles/ 可有自己的型号 · Town folder")] = "",
    listed: Annotated[bool, typer.Option("--list", help="列出设备型号 · Name the profiles")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document only")] = False,
) -> None:
    """按设备型号解读字节或整条消息 · Say what bytes or a whole message mean by a device profile."""
    try:
        profiles = read_profiles(town)
    except BadProfile as trouble:
        _refuse(str(trouble))
    if listed:
        _list(profiles, as_json=as_json)
        return
    chosen = profiles.get(profile)
    if chosen is None:
        _refuse(f"there is no profile {profile!r}; `parking decode --list` names them")
    now = StreetClock(real_time()).now()
    try:
        said = _whole(chosen, topic, payload, now) if payload else [_bytes(chosen, hexa, fport, now)]
        found = _document(chosen, said, _installed(chosen, below, above), now)
    except Misread as trouble:
        _refuse(f"{trouble.cause}: {REMEDIES.get(trouble.cause, 'the message does not fit this profile')}")
    print(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))


def _bytes(profile: Profile, hexa: str, port: int, now: datetime) -> Statement:
    if profile.family is not Family.LORAWAN:
        _refuse(f"{profile.name} reads whole messages, not bytes; give --topic and --payload FILE")
    try:
        data = bytes.fromhex(hexa)
    except ValueError:
        _refuse(f"--hex {hexa!r} is not hexadecimal; give two digits for each byte, such as 01ff")
    if not data:
        _refuse("there are no bytes; give --hex, such as --hex 01ff, or --topic and --payload FILE")
    return statement(Uplink("0" * 16, 0, 0, now, port, data, None), profile)


def _whole(profile: Profile, topic: str, payload: str, now: datetime) -> list[Statement]:
    try:
        data = sys.stdin.buffer.read() if payload == "-" else Path(payload).read_bytes()
    except OSError as trouble:
        _refuse(f"--payload {payload}: {trouble.strerror}; give a file, or - for standard input")
    if profile.family is not Family.LORAWAN:
        return FAMILIES[profile.family](topic, data, now, profile)
    uplink = uplink_of(topic, data)
    if uplink is None:
        _refuse(f"--topic {topic!r} is no uplink's; give application/+/device/+/event/up or v3/+/devices/+/up")
    return [statement(uplink, profile)]


def _document(profile: Profile, said: list[Statement], at: Installation, now: datetime) -> dict[str, Any]:
    device = Device(
        id=DeviceId(SOMEWHERE),
        kind=DeviceKind.PERSON,
        period=now - now,
        lots=frozenset({LotId(SOMEWHERE)}),
        sections=frozenset({SectionId(SOMEWHERE)}),
        installed=at,
    )
    return {
        "profile": profile.name,
        "kind": profile.kind,
        "readings": [input_to_builtins(reading_of(one, device, profile, now)) for one in said],
        "fields": said[0].values if said else {},
    }


def _installed(profile: Profile, below: float | None, above: float | None) -> Installation:
    """The device as if its first counted direction led in, and its second out."""
    way_in, way_out = (*profile.meaning.ways, "", "")[:2]
    return Installation(
        profile.name, bay=SOMEWHERE, taken_below_mm=below, free_above_mm=above, way_in=way_in, way_out=way_out
    )


def _list(profiles: Mapping[str, Profile], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"profile": name, "kind": one.kind, "family": one.family, "codec": one.codec, "title": one.title_en}
            for name, one in profiles.items()
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for name, one in profiles.items():
        print(f"{name:<28} {one.kind:<10} {one.family:<12} {one.title} · {one.title_en}")


def _refuse(what: str) -> NoReturn:
    print(f"parking decode: {what}", file=sys.stderr)
    raise typer.Exit(2)
