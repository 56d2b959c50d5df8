"""A sign as the API tells it: what it was told, what it says it shows, and why."""

from enum import StrEnum

import msgspec

from parking.domain.guidance import Colour, Guidance, Shown, State
from parking.domain.sign import Arrow, Level, Sign
from parking.web.scene import Scene
from parking.web.views.instant import Instant


class SignStatus(StrEnum):
    """Commanded against confirmed, in one word."""

    UNTOLD = "untold"
    """Nothing was commanded yet."""
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    """Told a moment ago; the confirmation may still come."""
    DIFFERS = "differs"
    """It shows something else than it was told, for too long."""
    SILENT = "silent"
    """It has confirmed nothing at all, for too long."""
    ENDED = "ended"
    """Its guidance has run out: the sign is neutral by itself."""


class WhyView(msgspec.Struct, frozen=True):
    """The rule, and the numbers it looked at."""

    rule: str
    numbers: dict[str, float]


class PanelView(msgspec.Struct, frozen=True, kw_only=True):
    """The painted part of a row."""

    line: int
    name: str
    name_en: str
    arrow: Arrow
    lots: list[str]
    area: str | None
    travel_s: float


class WantedRow(msgspec.Struct, frozen=True, kw_only=True):
    """The commanded part of a row."""

    line: int
    state: State
    free: int | None
    text: str
    colour: Colour
    why: WhyView | None


class WantedView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest command."""

    sequence: int
    at: Instant
    until: Instant
    age_s: float | None
    rows: list[WantedRow]


class ConfirmedView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest confirmation."""

    epoch: int
    sequence: int
    at: Instant
    received_at: Instant
    age_s: float | None
    rows: list[str]
    errors: list[str]
    brightness_share: float | None


class SignView(msgspec.Struct, frozen=True, kw_only=True):
    """One sign now."""

    id: str
    name: str
    name_en: str
    level: Level
    section: str
    heading_deg: float
    status: SignStatus
    panels: list[PanelView]
    wanted: WantedView | None
    confirmed: ConfirmedView | None


class SignList(msgspec.Struct, frozen=True):
    """Signs in the town's order."""

    at: Instant
    items: list[SignView]


def sign_view(scene: Scene, sign: Sign) -> SignView:
    """The sign now."""
    wanted, shown = scene.present.wanted.get(sign.id), scene.present.shown.get(sign.id)
    return SignView(
        id=sign.id,
        name=sign.name,
        name_en=sign.name_en,
        level=sign.level,
        section=sign.section,
        heading_deg=sign.heading_deg,
        status=status(scene, wanted, shown),
        panels=[
            PanelView(
                line=panel.line,
                name=panel.name,
                name_en=panel.name_en,
                arrow=panel.arrow,
                lots=list(panel.lots),
                area=panel.area,
                travel_s=panel.travel_s,
            )
            for panel in sign.panels
        ],
        wanted=None if wanted is None else _wanted(scene, wanted),
        confirmed=None if shown is None else _confirmed(scene, shown),
    )


def status(scene: Scene, wanted: Guidance | None, shown: Shown | None) -> SignStatus:
    """The content decides, not the number: a renewal of the same words need not be confirmed to be true."""
    if wanted is None:
        return SignStatus.UNTOLD
    if scene.at > wanted.until:
        return SignStatus.ENDED
    if shown is not None and shown.rows == tuple(row.text for row in wanted.rows):
        return SignStatus.CONFIRMED
    if (scene.at - wanted.at).total_seconds() <= scene.settings.alerts.sign_confirm_s:
        return SignStatus.WAITING
    return SignStatus.SILENT if shown is None else SignStatus.DIFFERS


def _wanted(scene: Scene, wanted: Guidance) -> WantedView:
    whys = {why.line: WhyView(why.rule, dict(why.numbers)) for why in wanted.why}
    rows = [
        WantedRow(
            line=row.line, state=row.state, free=row.free, text=row.text, colour=row.colour, why=whys.get(row.line)
        )
        for row in wanted.rows
    ]
    return WantedView(
        sequence=wanted.sequence, at=wanted.at, until=wanted.until, age_s=scene.age_s(wanted.at), rows=rows
    )


def _confirmed(scene: Scene, shown: Shown) -> ConfirmedView:
    return ConfirmedView(
        epoch=shown.epoch,
        sequence=shown.sequence,
        at=shown.at,
        received_at=shown.received_at,
        age_s=scene.age_s(shown.received_at),
        rows=list(shown.rows),
        errors=list(shown.errors),
        brightness_share=shown.brightness_share,
    )
