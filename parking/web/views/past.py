"""What signs were told, how roads moved, how an alert went: as the API tells it."""

from datetime import datetime

import msgspec

from parking.domain.guidance import Colour, Guidance, State
from parking.domain.roadstate import RoadLevel, RoadState
from parking.web.views.alert import AlertView
from parking.web.views.instant import Instant


class ToldRow(msgspec.Struct, frozen=True, kw_only=True):
    """One panel, with the rule that chose its words."""

    line: int
    state: State
    free: int | None
    text: str
    colour: Colour
    rule: str | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a sign's words."""

    sequence: int
    at: Instant
    until: Instant
    rows: list[ToldRow]


class SignPastView(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """Changes of a sign's words in [from, to), oldest first."""

    sign: str
    since: Instant
    until: Instant
    changes: list[Told]


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a section's level."""

    at: Instant
    level: RoadLevel
    speed_kmh: float | None
    vehicles_per_h: float | None


class SectionPastView(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """Changes of a section's level in [from, to), oldest first."""

    section: str
    since: Instant
    until: Instant
    changes: list[Moved]


class AlertPastView(msgspec.Struct, frozen=True):
    """Every version of one alert, first to newest."""

    alert: str
    versions: list[AlertView]


def sign_past(sign: str, since: datetime, until: datetime, told: list[Guidance]) -> SignPastView:
    """A sign's changes."""
    return SignPastView(sign=sign, since=since, until=until, changes=[_told(one) for one in told])


def section_past(section: str, since: datetime, until: datetime, roads: list[RoadState]) -> SectionPastView:
    """A section's changes."""
    changes = [
        Moved(at=road.at, level=road.level, speed_kmh=road.speed_kmh, vehicles_per_h=road.vehicles_per_h)
        for road in roads
    ]
    return SectionPastView(section=section, since=since, until=until, changes=changes)


def _told(one: Guidance) -> Told:
    rules = {why.line: why.rule for why in one.why}
    rows = [
        ToldRow(
            line=row.line, state=row.state, free=row.free, text=row.text, colour=row.colour, rule=rules.get(row.line)
        )
        for row in one.rows
    ]
    return Told(sequence=one.sequence, at=one.at, until=one.until, rows=rows)
