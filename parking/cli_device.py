"""`parking device`: who may speak at the broker, and the card that goes with a device to the road."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from parking.credentials import Passwords
from parking.domain.device import Device, DeviceKind
from parking.domain.errors import NotFound
from parking.domain.town import Town
from parking.streetclock import StreetClock, real_time
from parking.towns.load import town_named

app = typer.Typer(help="设备凭证 · Credentials of devices.", no_args_is_help=True)

File = Annotated[
    Path, typer.Option("--passwords", envvar="PARKING_BROKER_PASSWORDS", help="mosquitto 口令文件 · Its password file")
]
TownName = Annotated[str, typer.Option("--town", envvar="PARKING_TOWN", help="城镇或目录 · Town, or its folder")]
Root = Annotated[str, typer.Option("--root", envvar="PARKING_TOPIC_ROOT", help="主题根 · Topic root")]

RELOAD: Final = "让消息代理重读口令：向 mosquitto 发 SIGHUP · Let the broker read it again: send mosquitto a SIGHUP"


@app.callback()
def group() -> None:
    """设备凭证 · Credentials of devices."""


@app.command("add")
def add(
    passwords: File,
    devices: Annotated[list[str] | None, typer.Argument(help="设备编号 · Ids of devices")] = None,
    every: Annotated[bool, typer.Option("--all", help="登记表里还没有凭证的全部设备 · All that have none yet")] = False,
    cards: Annotated[
        Path | None, typer.Option(file_okay=False, help="卡片写到此目录，一台一张 · Cards into this folder")
    ] = None,
    town: TownName = "fengjie",
    root: Root = "parking/v1",
) -> None:
    """发给凭证并打印开通卡：口令只出现这一次 · Give a credential and print the card; the password is seen this once."""
    found, store = town_named(town), Passwords(passwords)
    wanted = [str(one.id) for one in found.devices if str(one.id) not in store.names()] if every else devices or []
    if not wanted:
        raise typer.BadParameter("nobody to give one to: name devices, or take --all for those that have none yet")
    known = {str(one.id): one for one in found.devices if one.kind is not DeviceKind.PERSON}
    if strangers := [name for name in wanted if name not in known]:
        raise NotFound(f"{', '.join(strangers)}: not in the registry of {found.id}; mend the id, or add it to the town")
    for name, password in store.give(wanted).items():
        text = card(known[name], password, found, root)
        if cards is None:
            print(text)
        else:
            cards.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = cards / f"{name}.txt"
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8")
    print(f"{len(wanted)} 台 devices. {RELOAD}")


@app.command("revoke")
def revoke(passwords: File, device: Annotated[str, typer.Argument(help="设备编号 · Its id")]) -> None:
    """收回凭证 · Take a credential back."""
    Passwords(passwords).take(device)
    print(f"{device}: 已收回 · taken back. {RELOAD}")


@app.command("list")
def every_device(
    passwords: File,
    town: TownName = "fengjie",
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document only")] = False,
) -> None:
    """谁有凭证，谁没有，谁不在登记表里 · Who has one, who has none, who has one and is in no registry."""
    registered = [str(one.id) for one in town_named(town).devices if one.kind is not DeviceKind.PERSON]
    names = Passwords(passwords).names()
    found = {
        "with": [name for name in registered if name in names],
        "without": [name for name in registered if name not in names],
        "unknown": [name for name in names if name not in registered],
    }
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    labels = {"with": "有凭证 with", "without": "无凭证 without", "unknown": "不在登记表 in no registry"}
    for key, label in labels.items():
        print(f"{label} ({len(found[key])}): {', '.join(found[key]) or '–'}")


def card(device: Device, password: str, town: Town, root: str) -> str:
    """What the fitter takes along: where it speaks, as whom, and a message that is accepted from this very device."""
    is_sign = device.kind is DeviceKind.SIGN
    say = f"{root}/signs/{device.id}/shown" if is_sign else f"{root}/devices/{device.id}/reading"
    hear = f"{root}/signs/{device.id}/show" if is_sign else f"{root}/devices/{device.id}/replay"
    message = json.dumps(example(device, StreetClock(real_time()).now()), ensure_ascii=False)
    lines = [
        f"设备开通卡 · Commissioning card  {device.id}",
        f"城镇 town       {town.name} · {town.name_en}",
        f"类型 kind       {device.kind}",
        f"用户 user       {device.id}",
        f"口令 password   {password}",
        f"发布 publish    {say}   QoS 1",
        f"状态 status     {root}/devices/{device.id}/status   QoS 1, retained, Will",
        f"订阅 subscribe  {hear}   QoS 1",
        f"示例 example    {message}",
        "口令不会再显示；丢了就重新发 · The password is not shown again; lost, it is given anew.",
        "",
    ]
    return "\n".join(lines)


def example(device: Device, at: datetime) -> dict[str, Any]:
    """A first message of that device, as docs/wire.md has it."""
    head = {"device": str(device.id), "boot": 1, "seq": 1, "at": at.isoformat(timespec="seconds")}
    lot = {"lot": str(min(device.lots))} if device.lots else {}
    if device.kind is DeviceKind.SIGN:
        rows = ["--"]
        return {"sign": str(device.id), "epoch": 0, "sequence": 0, "at": head["at"], "rows": rows}
    if device.kind is DeviceKind.GATE:
        return {"kind": "gate", **head, **lot, "entered": 0, "left": 0}
    if device.kind is DeviceKind.BAY_GATEWAY:
        return {"kind": "bay", **head, **lot, "bay": "001", "taken": False}
    if device.kind is DeviceKind.LOOP:
        section = str(min(device.sections))
        told = {"vehicles": 0, "speed_kmh": None, "loop_occupancy_share": 0.0, "interval_s": 30}
        return {"kind": "traffic", **head, "section": section, **told}
    source = "camera" if device.kind is DeviceKind.CAMERA else "barrier_system"
    return {"kind": "count", **head, **lot, "taken": 0, "source": source}
