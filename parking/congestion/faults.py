"""Equipment that needs a repairer (0687): silent devices and signs without proof. Never a jam."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from parking.congestion.condition import Condition
from parking.domain.alert import AlertKind
from parking.domain.device import LEAST_OFFLINE_AFTER
from parking.domain.guidance import Unconfirmed
from parking.domain.ids import CellCode, DeviceId
from parking.domain.place import Point
from parking.domain.town import Town

BROKEN_AFTER_LIMITS: Final = 5
"""A sign without proof for so many times the limit is broken, as a device is that is silent for 5 periods."""


class Silence(Protocol):
    """A device that says nothing, or too little."""

    @property
    def device(self) -> DeviceId:
        """Which one."""

    @property
    def since(self) -> datetime:
        """When it was last heard, or first missed."""

    @property
    def offline(self) -> bool:
        """Silent for so long, or so plainly, that it counts as broken."""


NO_CELL: Final = CellCode("")
"""The sign stands on no section of this town."""


def silent_devices(town: Town, silences: Sequence[Silence], now: datetime) -> Iterator[Condition]:
    """One condition a device; those that speak for one lot or section are one alert.

    A device that speaks for no place is passed over: a sign's own silence shows in what it fails to confirm. One that
    said goodbye is silent at once and broken after a while: it may only be starting again.
    """
    for silence in silences:
        where = _where(town, silence.device)
        if where is not None:
            corridor, place, cell = where
            yield Condition(
                AlertKind.SENSOR_SILENT,
                silence.device,
                corridor,
                place,
                cell,
                since=silence.since,
                reason="sensor_offline" if silence.offline else "sensor_silent",
                evidence={},
                broken=silence.offline and now - silence.since >= LEAST_OFFLINE_AFTER,
            )


class Wrong(Protocol):
    """A device that speaks, and tells what cannot be true."""

    @property
    def device(self) -> DeviceId:
        """Which one."""

    @property
    def since(self) -> datetime:
        """Since when it is doubted."""


def wrong_devices(town: Town, wrong: Sequence[Wrong], now: datetime) -> Iterator[Condition]:
    """One condition a device; those of one lot or section are one alert. Broken once it has lasted."""
    for one in wrong:
        where = _where(town, one.device)
        if where is not None:
            corridor, place, cell = where
            yield Condition(
                AlertKind.SENSOR_WRONG,
                one.device,
                corridor,
                place,
                cell,
                since=one.since,
                reason="sensor_wrong",
                evidence={},
                broken=now - one.since >= LEAST_OFFLINE_AFTER,
            )


def _where(town: Town, name: DeviceId) -> tuple[str, Point, CellCode] | None:
    device = town.find_device(name)
    if device is None:
        return None
    for lot_id in sorted(device.lots):
        lot = town.get_lot(lot_id)
        return lot.id, lot.place, lot.cell
    for section_id in sorted(device.sections):
        section = town.get_section(section_id)
        return section.id, section.middle, section.cell
    return None


def unproven_signs(
    town: Town, unconfirmed: Sequence[Unconfirmed], now: datetime, limit_s: float
) -> Iterator[Condition]:
    """One condition a sign."""
    for one in unconfirmed:
        sign = town.get_sign(one.sign)
        section = town.find_section(sign.section)
        yield Condition(
            AlertKind.SIGN_UNCONFIRMED,
            sign.id,
            sign.id,
            sign.place,
            NO_CELL if section is None else section.cell,
            since=one.since,
            reason=f"sign_{one.reason}",
            evidence={},
            broken=now - one.since >= timedelta(seconds=BROKEN_AFTER_LIMITS * limit_s),
        )
