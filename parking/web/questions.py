"""What may be asked of a list, strictly: an unknown or doubled parameter is an error, not a surprise."""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from aiohttp import web

from parking.domain.alert import AlertKind
from parking.domain.case import Stage
from parking.domain.guidance import State
from parking.domain.occupancy import Quality
from parking.domain.roadstate import RoadLevel
from parking.domain.sign import Level
from parking.web.errors import BadQuestion
from parking.web.views.sign import SignStatus

Q = TypeVar("Q", bound="Question")

Instant = Annotated[datetime, msgspec.Meta(tz=True, description="RFC 3339 with zone; write + as %2B")]
Id = Annotated[str, msgspec.Meta(max_length=64)]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing may be asked: the route takes no parameter."""


class LotQuestion(Question, frozen=True, forbid_unknown_fields=True):
    """Filters of lots."""

    state: State | None = None
    quality: Quality | None = None
    area: Id | None = None


class SignQuestion(Question, frozen=True, forbid_unknown_fields=True):
    """Filters of signs."""

    level: Level | None = None
    status: SignStatus | None = None


class SectionQuestion(Question, frozen=True, forbid_unknown_fields=True):
    """Filters of sections."""

    level: RoadLevel | None = None
    corridor: Id | None = None


class AlertQuestion(Question, frozen=True, forbid_unknown_fields=True):
    """Filters of alerts."""

    open: bool | None = None
    kind: AlertKind | None = None
    subject: Id | None = None


class CaseQuestion(Question, frozen=True, forbid_unknown_fields=True):
    """Filters of cases; `open=false` asks the store for those that have ended too."""

    open: bool = True
    stage: Stage | None = None
    department: Id | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class HistoryQuestion(Question, frozen=True, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}):
    """A span of the past; without it, the last day."""

    since: Instant | None = None
    until: Instant | None = None


def ask(request: web.Request, question: type[Q]) -> Q:
    """The parameters as a typed value. Raises BadQuestion."""
    given = request.query
    doubled = sorted({name for name in given if len(given.getall(name)) > 1})
    if doubled:
        raise BadQuestion(f"{doubled[0]} is given more than once")
    try:
        return msgspec.convert(dict(given), question, strict=False)
    except msgspec.ValidationError as trouble:
        known = ", ".join(field.encode_name for field in msgspec.structs.fields(question)) or "none"
        raise BadQuestion(f"{trouble}; known parameters: {known}") from trouble
