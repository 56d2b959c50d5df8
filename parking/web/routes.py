"""The one table of routes: the application and its OpenAPI document are both made from it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from parking.web import api, pages, past, watch
from parking.web.questions import (
    AlertQuestion,
    CaseQuestion,
    HistoryQuestion,
    LotQuestion,
    Question,
    SectionQuestion,
    SignQuestion,
)
from parking.web.views.alert import AlertList, AlertView
from parking.web.views.case import CaseList, CaseView
from parking.web.views.health import LiveView, ReadyView
from parking.web.views.lot import ForecastView, HistoryView, LotList, LotView
from parking.web.views.past import AlertPastView, SectionPastView, SignPastView
from parking.web.views.road import SectionList, SectionView
from parking.web.views.sign import SignList, SignView
from parking.web.views.town import TownView


class Role(StrEnum):
    """Who may ask. There is no sign-in in this version: every route is for everybody who reaches the server."""

    PUBLIC = "public"
    VIEWER = "viewer"


EVERYBODY: Final = frozenset({Role.PUBLIC, Role.VIEWER})

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Route:
    """One thing the server answers. `answer` is its body's type; None for what is not JSON of ours."""

    path: str
    handler: Handler
    summary: str
    answer: type | None = None
    question: type[Question] = Question
    media: str = JSON
    also: tuple[int, ...] = ()
    """Error statuses beside 400 that it may answer."""
    not_ready: bool = False
    """503 carries the same body as 200."""
    method: str = "GET"
    roles: frozenset[Role] = field(default=EVERYBODY)
    listed: bool = True
    """Whether the OpenAPI document names it."""


V1: Final = "/api/v1"

ROUTES: Final = (
    Route("/", pages.index, "实时页面 The live page", media="text/html", listed=False),
    Route("/static/{digest}/{path:.+}", pages.static, "页面文件 Files of the page", media="*/*", listed=False),
    Route(f"{V1}/town", api.town, "地名、位置、道路 Names, places, areas, roads", TownView),
    Route(f"{V1}/basemap", api.basemap, "底图 GeoJSON Background map", media="application/geo+json", also=(404,)),
    Route(f"{V1}/lots", api.list_lots, "停车场列表 All lots now", LotList, LotQuestion),
    Route(f"{V1}/lots/{{id}}", api.get_lot, "停车场 One lot now", LotView, also=(404,)),
    Route(
        f"{V1}/lots/{{id}}/history",
        api.lot_history,
        "停车场历史 A lot's past",
        HistoryView,
        HistoryQuestion,
        also=(404, 503),
    ),
    Route(f"{V1}/lots/{{id}}/forecast", api.lot_forecast, "停车场预测 A lot's forecast", ForecastView, also=(404,)),
    Route(f"{V1}/signs", api.list_signs, "诱导屏列表 All signs now", SignList, SignQuestion),
    Route(f"{V1}/signs/{{id}}", api.get_sign, "诱导屏 One sign now", SignView, also=(404,)),
    Route(
        f"{V1}/signs/{{id}}/history",
        past.sign_history,
        "诱导屏历史 When a sign's words changed",
        SignPastView,
        HistoryQuestion,
        also=(404, 503),
    ),
    Route(f"{V1}/sections", api.list_sections, "路段列表 All road sections now", SectionList, SectionQuestion),
    Route(f"{V1}/sections/{{id}}", api.get_section, "路段 One road section now", SectionView, also=(404,)),
    Route(
        f"{V1}/sections/{{id}}/history",
        past.section_history,
        "路段历史 When a section's level changed",
        SectionPastView,
        HistoryQuestion,
        also=(404, 503),
    ),
    Route(f"{V1}/alerts", api.list_alerts, "报警列表 Alerts", AlertList, AlertQuestion),
    Route(f"{V1}/alerts/{{id}}", api.get_alert, "报警 One alert", AlertView, also=(404, 503)),
    Route(
        f"{V1}/alerts/{{id}}/history", past.alert_history, "报警各版本 Every version", AlertPastView, also=(404, 503)
    ),
    Route(f"{V1}/cases", api.list_cases, "案卷列表 Cases", CaseList, CaseQuestion, also=(503,)),
    Route(f"{V1}/cases/{{id}}", api.get_case, "案卷 One case with its steps", CaseView, also=(404, 503)),
    Route(f"{V1}/stream", watch.stream, "实时事件流 Live events", media="text/event-stream", also=(503,)),
    Route(f"{V1}/openapi.json", api.openapi, "接口说明 This document", media="application/json"),
    Route("/health/live", watch.live, "存活 The process answers", LiveView),
    Route("/health/ready", watch.ready, "就绪 Each part's state and age", ReadyView, not_ready=True),
    Route("/metrics", watch.metrics, "指标 Prometheus metrics", media="text/plain"),
)


def add_routes(app: web.Application) -> None:
    """GET routes answer HEAD as well."""
    for route in ROUTES:
        app.router.add_get(route.path, route.handler)
