"""Handlers of /api/v1: each reads the present or the stored past and answers with a view."""

import re
from collections.abc import Sequence

from aiohttp import web

from parking.domain.case import Case
from parking.domain.errors import NotFound
from parking.domain.ids import AlertId, CaseNo, LotId, SectionId, SignId
from parking.domain.lot import Lot
from parking.web.answer import json_answer, tagged, to_json
from parking.web.keys import BASEMAP, LIMITS, OPENAPI, RUN, SCENE, STORES
from parking.web.past import span
from parking.web.questions import (
    AlertQuestion,
    CaseQuestion,
    LotQuestion,
    Question,
    SectionQuestion,
    SignQuestion,
    ask,
)
from parking.web.scene import Scene
from parking.web.views.alert import AlertList, alert_view, by_gravity
from parking.web.views.case import FINAL, CaseList, case_view
from parking.web.views.lot import HistoryView, LotList, forecast_view, lot_view, slot_of
from parking.web.views.road import SectionList, section_view
from parking.web.views.sign import SignList, sign_view
from parking.web.views.town import town_view

CASE_NO = re.compile(r"[A-Z]{2}\d{12}\Z")
"""FJ, day, serial: anything else is not worth a question to the store."""


def _scene(request: web.Request) -> Scene:
    return request.app[SCENE]()


def _answer(request: web.Request, value: object) -> web.Response:
    return json_answer(value, zip_above=request.app[LIMITS].zip_above_bytes)


async def town(request: web.Request) -> web.Response:
    """Names, places, areas, roads."""
    ask(request, Question)
    basemap = "/api/v1/basemap" if request.app[BASEMAP] else None
    view = town_view(_scene(request).town, request.app[RUN], basemap)
    return tagged(request, to_json(view), "application/json")


async def basemap(request: web.Request) -> web.Response:
    """The background map."""
    ask(request, Question)
    if not (body := request.app[BASEMAP]):
        raise NotFound("this town has no basemap")
    return tagged(request, body, "application/geo+json")


async def openapi(request: web.Request) -> web.Response:
    """The description of this API."""
    ask(request, Question)
    return tagged(request, request.app[OPENAPI], "application/json")


async def list_lots(request: web.Request) -> web.Response:
    """Lots in the town's order."""
    wanted, scene = ask(request, LotQuestion), _scene(request)
    views = (lot_view(scene, lot) for lot in scene.town.lots if wanted.area in (None, lot.area))
    kept = [v for v in views if wanted.state in (None, v.state) and wanted.quality in (None, v.quality)]
    return _answer(request, LotList(scene.at, kept))


async def get_lot(request: web.Request) -> web.Response:
    """One lot."""
    ask(request, Question)
    scene = _scene(request)
    return _answer(request, lot_view(scene, _lot(request, scene)))


async def lot_history(request: web.Request) -> web.Response:
    """A lot's stored past."""
    since, until = span(request)
    lot = _lot(request, _scene(request))
    seen = await request.app[STORES].histories.lot_day(lot.id, since, until)
    view = HistoryView(
        lot=lot.id, capacity=lot.capacity, since=since, until=until, slots=[slot_of(one) for one in seen]
    )
    return _answer(request, view)


async def lot_forecast(request: web.Request) -> web.Response:
    """A lot's newest forecast."""
    ask(request, Question)
    scene = _scene(request)
    view = forecast_view(scene, _lot(request, scene))
    if view is None:
        raise NotFound("no forecast has been issued for this lot yet")
    return _answer(request, view)


async def list_signs(request: web.Request) -> web.Response:
    """Signs in the town's order."""
    wanted, scene = ask(request, SignQuestion), _scene(request)
    views = (sign_view(scene, sign) for sign in scene.town.signs if wanted.level in (None, sign.level))
    return _answer(request, SignList(scene.at, [v for v in views if wanted.status in (None, v.status)]))


async def get_sign(request: web.Request) -> web.Response:
    """One sign."""
    ask(request, Question)
    scene = _scene(request)
    return _answer(request, sign_view(scene, scene.town.get_sign(SignId(request.match_info["id"]))))


async def list_sections(request: web.Request) -> web.Response:
    """Road sections in the town's order."""
    wanted, scene = ask(request, SectionQuestion), _scene(request)
    sections = (one for one in scene.town.sections if wanted.corridor in (None, one.corridor))
    views = (section_view(scene, section) for section in sections)
    return _answer(request, SectionList(scene.at, [v for v in views if wanted.level in (None, v.level)]))


async def get_section(request: web.Request) -> web.Response:
    """One road section."""
    ask(request, Question)
    scene = _scene(request)
    return _answer(request, section_view(scene, scene.town.get_section(SectionId(request.match_info["id"]))))


async def list_alerts(request: web.Request) -> web.Response:
    """Alerts that stand, and those that ended since the start."""
    wanted, scene = ask(request, AlertQuestion), _scene(request)
    kept = [
        alert
        for alert in sorted(scene.present.alerts.values(), key=by_gravity)
        if wanted.open in (None, alert.is_open)
        and wanted.kind in (None, alert.kind)
        and wanted.subject in (None, alert.subject)
    ]
    return _answer(request, AlertList(scene.at, [alert_view(scene, alert) for alert in kept]))


async def get_alert(request: web.Request) -> web.Response:
    """One alert."""
    ask(request, Question)
    scene = _scene(request)
    name = AlertId(request.match_info["id"])
    alert = scene.present.alerts.get(name)
    if alert is None and (versions := await request.app[STORES].pasts.alert_versions(name)):
        alert = versions[-1]
    if alert is None:
        raise NotFound("there never was such an alert")
    return _answer(request, alert_view(scene, alert))


async def list_cases(request: web.Request) -> web.Response:
    """Cases, newest first: open ones from the present, ended ones from the store."""
    wanted, scene = ask(request, CaseQuestion), _scene(request)
    cases = _open_cases(scene) if wanted.open else await _stored_cases(request, wanted.limit)
    kept = [
        case for case in cases if wanted.stage in (None, case.stage) and wanted.department in (None, case.department)
    ]
    return _answer(request, CaseList(scene.at, [case_view(scene, case) for case in kept[: wanted.limit]]))


async def get_case(request: web.Request) -> web.Response:
    """One case with all its steps."""
    ask(request, Question)
    scene, no = _scene(request), request.match_info["id"]
    case = scene.present.cases.get(CaseNo(no))
    if case is None and CASE_NO.match(no):
        case = await request.app[STORES].cases.find_case(no)
    if case is None:
        raise NotFound("no case of that number")
    return _answer(request, case_view(scene, case))


def _lot(request: web.Request, scene: Scene) -> Lot:
    return scene.town.get_lot(LotId(request.match_info["id"]))


def _open_cases(scene: Scene) -> Sequence[Case]:
    still = (case for case in scene.present.cases.values() if case.stage not in FINAL)
    return sorted(still, key=lambda case: (case.reported_at, case.no), reverse=True)


async def _stored_cases(request: web.Request, limit: int) -> Sequence[Case]:
    return await request.app[STORES].cases.list_cases(open_only=False, limit=limit)
