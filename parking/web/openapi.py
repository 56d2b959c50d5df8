"""The OpenAPI 3.1 document, made from the table of routes and the views' own types: it cannot drift."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from parking.web.errors import SAID, ErrorAnswer
from parking.web.live import Snapshot
from parking.web.questions import Question
from parking.web.routes import Route
from parking.web.views.town import ClockView

REF: Final = "#/components/schemas/{name}"

STREAM_NOTE: Final = (
    "事件 events: snapshot, lot, road, sign, alert, case, clock, health. `id` grows within one start of the service; "
    "reconnect with Last-Event-ID, a gap is answered by one `snapshot`. data is JSON: snapshot = Snapshot, "
    "lot = LotView, road = SectionView, sign = SignView, alert = AlertView, case = CaseView, clock = ClockView, "
    "health = PartView."
)


def describe(routes: Sequence[Route], version: str) -> dict[str, Any]:
    """The whole document."""
    listed = [route for route in routes if route.listed]
    answers: list[type] = [route.answer for route in listed if route.answer is not None]
    questions = [route.question for route in listed if route.question is not Question]
    _, schemas = msgspec.json.schema_components([*answers, ErrorAnswer, Snapshot, ClockView], ref_template=REF)
    _, asked = msgspec.json.schema_components(questions, ref_template=REF)
    paths: dict[str, Any] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, asked)
    shared = {name: asked[name] for name in asked if not name.endswith("Question")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "停车诱导与治堵接口 Parking guidance API",
            "version": version or "0",
            "description": "时间为 UTC，时长以街面时钟的秒计。 Times are UTC, ages are street seconds.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": dict(sorted({**shared, **schemas}.items()))},
    }


def _operation(route: Route, asked: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "tags": [route.path.split("/")[3] if route.path.startswith("/api/") else "service"],
        "x-roles": sorted(route.roles),
        "responses": _responses(route),
    }
    parameters = [*_in_path(route), *_in_query(route, asked)]
    if route.media == "text/event-stream":
        operation["description"] = STREAM_NOTE
        parameters.append({"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "string"}})
    if parameters:
        operation["parameters"] = parameters
    return operation


def _in_path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _in_query(route: Route, asked: dict[str, Any]) -> list[dict[str, Any]]:
    if route.question is Question:
        return []
    fields = asked[route.question.__name__]["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": _asked(kind)} for name, kind in fields.items()]


def _asked(kind: dict[str, Any]) -> dict[str, Any]:
    """A parameter is given or absent: there is no way to write null in an address."""
    choices = [choice for choice in kind.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        return dict(choices[0])
    return {name: value for name, value in kind.items() if name != "default" or value is not None}


def _responses(route: Route) -> dict[str, Any]:
    body = {"schema": {"$ref": REF.format(name=route.answer.__name__)}} if route.answer else {"schema": _raw(route)}
    said: dict[str, Any] = {"200": {"description": route.summary, "content": {route.media: body}}}
    if route.not_ready:
        said["503"] = {"description": "未就绪 Not ready", "content": {route.media: body}}
    for status in (400, *route.also):
        said[str(status)] = {
            "description": f"{SAID[status][1]} {SAID[status][2]}",
            "content": {"application/json": {"schema": {"$ref": REF.format(name="ErrorAnswer")}}},
        }
    return said


def _raw(route: Route) -> dict[str, Any]:
    return {"type": "object"} if route.media.endswith("json") else {"type": "string"}
