"""Handlers of the stored past of signs, roads and alerts; that of lots is in `api`, a case carries its own steps."""

from datetime import datetime, timedelta

from aiohttp import web

from parking.domain.errors import NotFound
from parking.domain.ids import AlertId, SectionId, SignId
from parking.web.answer import json_answer
from parking.web.errors import BadQuestion
from parking.web.keys import LIMITS, SCENE, STORES
from parking.web.questions import HistoryQuestion, Question, ask
from parking.web.views.alert import alert_view
from parking.web.views.past import AlertPastView, section_past, sign_past


async def sign_history(request: web.Request) -> web.Response:
    """When a sign's words changed."""
    since, until = span(request)
    sign = request.app[SCENE]().town.get_sign(SignId(request.match_info["id"]))
    told = await request.app[STORES].pasts.guidance_of(sign.id, since, until)
    return _answer(request, sign_past(sign.id, since, until, list(told)))


async def section_history(request: web.Request) -> web.Response:
    """When a section's level changed."""
    since, until = span(request)
    section = request.app[SCENE]().town.get_section(SectionId(request.match_info["id"]))
    roads = await request.app[STORES].pasts.road_changes(section.id, since, until)
    return _answer(request, section_past(section.id, since, until, list(roads)))


async def alert_history(request: web.Request) -> web.Response:
    """Every version of an alert, also of one that ended long ago."""
    ask(request, Question)
    scene, alert = request.app[SCENE](), AlertId(request.match_info["id"])
    versions = await request.app[STORES].pasts.alert_versions(alert)
    if not versions:
        raise NotFound("there never was such an alert")
    return _answer(request, AlertPastView(alert, [alert_view(scene, one) for one in versions]))


def span(request: web.Request) -> tuple[datetime, datetime]:
    """The stretch that is asked for; the last day when it is not said."""
    wanted = ask(request, HistoryQuestion)
    until = wanted.until or request.app[SCENE]().at
    since = wanted.since or until - timedelta(days=1)
    longest = request.app[LIMITS].history_days
    if not timedelta(0) < until - since <= timedelta(days=longest):
        raise BadQuestion(f"from must be before to, by {longest} days at most")
    return since, until


def _answer(request: web.Request, value: object) -> web.Response:
    return json_answer(value, zip_above=request.app[LIMITS].zip_above_bytes)
