"""Titles of case files, 中文 and English: they are stored with the case, so they are written here."""

from typing import Final

from parking.domain.alert import AlertKind
from parking.domain.ids import LotId, SectionId, SignId
from parking.domain.town import Town

LEVELS: Final = {
    "jam_light": ("轻度拥堵", "Light congestion"),
    "jam_moderate": ("中度拥堵", "Moderate congestion"),
    "jam_severe": ("严重拥堵", "Severe congestion"),
}

JAM: Final = ("交通拥堵", "Congestion")

TITLES: Final = {
    AlertKind.LOT_QUEUE: ("{name}入口排队溢出至道路", "Entrance queue on the road at {name}"),
    AlertKind.LOT_FILLING: ("{name}即将饱和", "{name} is about to fill"),
    AlertKind.ROAD_CLOSED: ("{name}中断", "{name} closed"),
    AlertKind.ILLEGAL_PARKING: ("{name}机动车违停", "Illegal parking at {name}"),
    AlertKind.SENSOR_SILENT: ("采集设备{name}无数据", "Sensor {name} silent"),
    AlertKind.SENSOR_WRONG: ("采集设备{name}数据不可信", "Sensor {name} tells what cannot be true"),
    AlertKind.SIGN_UNCONFIRMED: ("{name}未确认显示内容", "Sign {name} does not confirm what it shows"),
}


def title_of(kind: AlertKind, subject: str, reason: str, town: Town) -> tuple[str, str]:
    """中文 and English; `reason` is the alert's, and says how bad a jam is."""
    name, name_en = _names(kind, subject, town)
    if kind is AlertKind.JAM:
        word, word_en = LEVELS.get(reason, JAM)
        return f"{name}{word}", f"{word_en} on {name_en}"
    title, title_en = TITLES[kind]
    return title.format(name=name), title_en.format(name=name_en)


def _names(kind: AlertKind, subject: str, town: Town) -> tuple[str, str]:
    if kind in (AlertKind.LOT_QUEUE, AlertKind.LOT_FILLING):
        lot = town.get_lot(LotId(subject))
        return lot.name, lot.name_en
    if kind is AlertKind.SIGN_UNCONFIRMED:
        sign = town.get_sign(SignId(subject))
        return sign.name, sign.name_en
    section = town.find_section(SectionId(subject))
    if section is not None:
        return section.name, section.name_en
    return subject, subject
