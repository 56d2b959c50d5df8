"""Signs and devices out of their files."""

from datetime import timedelta

from parking.domain.device import Device, DeviceKind, Installation
from parking.domain.ids import AreaId, DeviceId, LotId, SectionId, SignId
from parking.domain.sign import Arrow, Level, Panel, Sign
from parking.towns.problems import Box, Item

LONGEST_TRAVEL_S = 7200.0
"""A sign that names a lot two hours away guides nobody."""

FARTHEST_MM = 30_000.0
"""No distance sensor looks farther."""


def sign_from(item: Item, box: Box) -> Sign:
    """A sign with its panels in the order of lines."""
    return Sign(
        id=SignId(item.identifier()),
        name=item.text("name"),
        name_en=item.text("name_en"),
        level=item.one_of("level", Level),
        place=item.point(box),
        heading_deg=item.number("heading_deg", above=-0.001, most=360),
        section=SectionId(item.text("section")),
        panels=_panels(item),
        driver=item.text("driver", "mqtt"),
    )


def _panels(item: Item) -> tuple[Panel, ...]:
    given = item.fields.get("panels")
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        item.wrong("the sign has no panels", "give panels = [ { line = 1, name = …, lots = […] }, … ]")
        return ()
    panels = tuple(
        _panel(Item(f"{item.where} panel {nth}", one, item.problems)) for nth, one in enumerate(given, start=1)
    )
    if [panel.line for panel in panels] != list(range(1, len(panels) + 1)):
        item.wrong("lines are not 1, 2, 3 …", "number panels from the top, none left out")
    return panels


def _panel(item: Item) -> Panel:
    area = item.text("area", "")
    lots = item.names("lots")
    if not lots:
        item.wrong("it stands for no lot", 'name its lots = ["…"]')
    return Panel(
        line=item.whole("line", least=1, most=64),
        name=item.text("name"),
        name_en=item.text("name_en"),
        arrow=item.one_of("arrow", Arrow),
        lots=tuple(map(LotId, lots)),
        travel_s=item.number("travel_s", above=0, most=LONGEST_TRAVEL_S),
        area=AreaId(area) if area else None,
    )


def device_from(item: Item) -> Device:
    """A device of the registry."""
    return Device(
        id=DeviceId(item.identifier()),
        kind=item.one_of("kind", DeviceKind),
        period=timedelta(seconds=item.number("period_s", above=0, most=86_400)),
        lots=frozenset(map(LotId, item.names("lots"))),
        sections=frozenset(map(SectionId, item.names("sections"))),
        installed=_installation(item),
    )


def _installation(item: Item) -> Installation | None:
    """How it was installed, when it has a profile; the other words then have a meaning, and none without."""
    if "profile" not in item.fields:
        for name in ("address", "key", "bay", "way_in", "way_out", "taken_below_mm", "free_above_mm", "capacity"):
            if name in item.fields:
                item.wrong(f"{name} stands without a profile", 'give profile = "…"; `parking decode --list` names them')
        return None
    return Installation(
        profile=item.text("profile"),
        address=item.text("address", ""),
        key=item.text("key", ""),
        bay=item.text("bay", ""),
        taken_below_mm=_distance(item, "taken_below_mm"),
        free_above_mm=_distance(item, "free_above_mm"),
        way_in=item.text("way_in", ""),
        way_out=item.text("way_out", ""),
        capacity=item.whole("capacity", least=1, most=100_000) if "capacity" in item.fields else None,
    )


def _distance(item: Item, name: str) -> float | None:
    return item.number(name, above=0, most=FARTHEST_MM) if name in item.fields else None
