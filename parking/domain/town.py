"""The ground of one county: everything that stands still while readings come and go."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

from parking.domain.calendar import Calendar
from parking.domain.device import Device
from parking.domain.duty import Department, Post
from parking.domain.errors import NotFound
from parking.domain.ids import AreaId, DeviceId, LotId, SectionId, SignId
from parking.domain.lot import Lot
from parking.domain.section import Camera, Cell, Section
from parking.domain.sign import Sign

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Area:
    """A district that level-one signs name."""

    id: AreaId
    name: str
    name_en: str


@dataclass(frozen=True)
class Town:
    """Lots, signs, sections, devices, cells, cameras, roster and calendar, each in the order of its file."""

    id: str
    name: str
    name_en: str
    county: str
    """Six-digit county code."""
    areas: tuple[Area, ...]
    lots: tuple[Lot, ...]
    signs: tuple[Sign, ...]
    sections: tuple[Section, ...]
    devices: tuple[Device, ...]
    cells: tuple[Cell, ...]
    cameras: tuple[Camera, ...]
    departments: tuple[Department, ...]
    posts: tuple[Post, ...]
    calendar: Calendar
    note: str = ""
    """What a reader must know about these data, such as invented capacities."""

    @cached_property
    def _lots(self) -> Mapping[LotId, Lot]:
        return {lot.id: lot for lot in self.lots}

    @cached_property
    def _signs(self) -> Mapping[SignId, Sign]:
        return {sign.id: sign for sign in self.signs}

    @cached_property
    def _sections(self) -> Mapping[SectionId, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _devices(self) -> Mapping[DeviceId, Device]:
        return {device.id: device for device in self.devices}

    def __getstate__(self) -> Mapping[str, object]:
        """What another process is handed: the fields alone, whoever fills the look-ups meanwhile."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def get_lot(self, lot: LotId) -> Lot:
        """The lot of that id; raises NotFound."""
        return _get(self._lots, lot, "lot")

    def get_sign(self, sign: SignId) -> Sign:
        """The sign of that id; raises NotFound."""
        return _get(self._signs, sign, "sign")

    def get_section(self, section: SectionId) -> Section:
        """The section of that id; raises NotFound."""
        return _get(self._sections, section, "section")

    def find_lot(self, lot: LotId) -> Lot | None:
        """The lot of that id, or None."""
        return self._lots.get(lot)

    def find_sign(self, sign: SignId) -> Sign | None:
        """The sign of that id, or None."""
        return self._signs.get(sign)

    def find_section(self, section: SectionId) -> Section | None:
        """The section of that id, or None: a town read from a recording has none."""
        return self._sections.get(section)

    def find_device(self, device: DeviceId) -> Device | None:
        """The device of that id, or None: strangers write too."""
        return self._devices.get(device)


def _get(found: Mapping[K, V], key: K, what: str) -> V:
    try:
        return found[key]
    except KeyError:
        raise NotFound(f"no {what} {key!r} among the town's {len(found)}; check the id or import it") from None
