"""The OpenAPI document is valid, and every JSON answer is what it says."""

from typing import Any

import aiohttp
import pytest
from aiohttp import web
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import validate

from parking.towns.load import load_town
from parking.web.app import make_app, serve_app
from parking.web.routes import ROUTES
from tests.makers import an_occupancy
from tests.web_shelf import MORNING, StillClock, info, registry, stores
from tests.web_street import busy, cases

TOWN = load_town()

EXAMPLES = {
    "/api/v1/lots/{id}": "/api/v1/lots/P05",
    "/api/v1/lots/{id}/history": "/api/v1/lots/P01/history",
    "/api/v1/lots/{id}/forecast": "/api/v1/lots/P13/forecast",
    "/api/v1/signs/{id}": "/api/v1/signs/G07",
    "/api/v1/sections/{id}": "/api/v1/sections/R8",
    "/api/v1/signs/{id}/history": "/api/v1/signs/G07/history",
    "/api/v1/sections/{id}/history": "/api/v1/sections/R8/history",
    "/api/v1/cases/{id}": "/api/v1/cases/FJ202610010004",
}


@pytest.fixture
def app() -> web.Application:
    present = busy(TOWN)
    shelf = stores([an_occupancy(at=MORNING)], cases(TOWN), present)
    return make_app(present, stores=shelf, clock=StillClock(), info=info(), registry=registry())


async def fetch(session: aiohttp.ClientSession, path: str) -> tuple[int, Any]:
    async with session.get(path) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_the_document_is_valid_openapi_3_1_and_names_every_route(app: web.Application) -> None:
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        _, document = await fetch(session, "/api/v1/openapi.json")
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {route.path for route in ROUTES if route.listed}
    assert {"Snapshot", "LotView", "ErrorAnswer"} <= set(document["components"]["schemas"])


async def test_every_json_answer_is_what_the_document_says(app: web.Application) -> None:
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        _, document = await fetch(session, "/api/v1/openapi.json")
        _, alerts = await fetch(session, "/api/v1/alerts")
        one = f"/api/v1/alerts/{alerts['items'][0]['id']}"
        examples = EXAMPLES | {"/api/v1/alerts/{id}": one, "/api/v1/alerts/{id}/history": f"{one}/history"}
        for path, item in document["paths"].items():
            content = item["get"]["responses"]["200"]["content"]
            if "application/json" in content and path != "/api/v1/openapi.json":
                status, value = await fetch(session, examples.get(path, path))
                assert status == 200, path
                against(document, content["application/json"]["schema"], value)


async def test_every_refusal_is_what_the_document_says(app: web.Application) -> None:
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        _, document = await fetch(session, "/api/v1/openapi.json")
        for path, item in document["paths"].items():
            for status, query in (("400", "?nobody_asks_this=1"), ("404", "")):
                said = item["get"]["responses"].get(status)
                if said is None or (status == "404" and "{id}" not in path):
                    continue
                found, value = await fetch(session, path.replace("{id}", "NOBODY") + query)
                assert found == int(status), path
                against(document, said["content"]["application/json"]["schema"], value)


def against(document: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    """The value fits; extra fields are errors too, so that nothing is told undescribed."""
    schemas = {name: closed(one) for name, one in document["components"]["schemas"].items()}
    whole = {**schema, "components": {"schemas": schemas}}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The same object without room for more."""
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


async def test_the_check_itself_notices_a_wrong_answer(app: web.Application) -> None:
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        _, document = await fetch(session, "/api/v1/openapi.json")
        _, lot = await fetch(session, "/api/v1/lots/P01")
    schema = {"$ref": "#/components/schemas/LotView"}
    against(document, schema, lot)
    for wrong in ({**lot, "state": "voll"}, {**lot, "more": 1}, {k: v for k, v in lot.items() if k != "free"}):
        with pytest.raises(ValidationError, match=r"is not one of|was unexpected|is a required property"):
            against(document, schema, wrong)
