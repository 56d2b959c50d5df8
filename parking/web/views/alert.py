"""An alert as the API tells it."""

import msgspec

from parking.domain.alert import DEVICE_KINDS, Alert, AlertKind, AlertState
from parking.domain.ids import DeviceId, LotId, SectionId, SignId
from parking.domain.lot import Lot
from parking.domain.section import Section
from parking.domain.sign import Sign
from parking.domain.town import Town
from parking.web.scene import Scene
from parking.web.views.instant import Instant


class PlaceView(msgspec.Struct, frozen=True):
    """WGS-84 degrees."""

    longitude: float
    latitude: float


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version of one alert."""

    id: str
    version: int
    kind: AlertKind
    state: AlertState
    is_open: bool
    for_maintenance: bool
    """A fault of equipment: not for the police."""
    grade: int | None
    """1 (gravest) to 4; None while it is too young to be graded."""
    subject: str
    subject_name: str
    subject_name_en: str
    place: PlaceView
    cell: str
    onset_at: Instant
    raised_at: Instant
    updated_at: Instant
    cleared_at: Instant | None
    lasts_s: float | None
    reason: str
    evidence: dict[str, float]
    acknowledged_by: str
    case_no: str | None


class AlertList(msgspec.Struct, frozen=True):
    """Alerts: open ones first, graver first, newer first."""

    at: Instant
    items: list[AlertView]


def alert_view(scene: Scene, alert: Alert) -> AlertView:
    """The alert now."""
    name, name_en = subject_names(scene.town, alert.subject)
    end = alert.cleared_at or (scene.at if alert.is_open else alert.updated_at)
    return AlertView(
        id=alert.id,
        version=alert.version,
        kind=alert.kind,
        state=alert.state,
        is_open=alert.is_open,
        for_maintenance=alert.kind in DEVICE_KINDS,
        grade=None if alert.grade is None else int(alert.grade),
        subject=alert.subject,
        subject_name=name,
        subject_name_en=name_en,
        place=PlaceView(alert.place.longitude, alert.place.latitude),
        cell=alert.cell,
        onset_at=alert.onset_at,
        raised_at=alert.raised_at,
        updated_at=alert.updated_at,
        cleared_at=alert.cleared_at,
        lasts_s=max(0.0, round((end - alert.onset_at).total_seconds(), 1)),
        reason=alert.reason,
        evidence=dict(alert.evidence),
        acknowledged_by=alert.acknowledged_by,
        case_no=alert.case_no,
    )


def by_gravity(alert: Alert) -> tuple[bool, int, float]:
    """Sort key of the list."""
    return (not alert.is_open, 9 if alert.grade is None else int(alert.grade), -alert.raised_at.timestamp())


def subject_names(town: Town, subject: str) -> tuple[str, str]:
    """What people call it: a lot, a section, a sign, or the place a device watches; else its id."""
    found = _thing(town, subject)
    if found is not None:
        return found.name, found.name_en
    device = town.find_device(DeviceId(subject))
    watched = [_thing(town, name) for name in sorted((*device.lots, *device.sections))] if device else []
    first = next((thing for thing in watched if thing is not None), None)
    return (subject, subject) if first is None else (f"{first.name} · {subject}", f"{first.name_en} · {subject}")


def _thing(town: Town, name: str) -> Lot | Section | Sign | None:
    return town.find_lot(LotId(name)) or town.find_section(SectionId(name)) or town.find_sign(SignId(name))
