"""The past over the API: when words and levels changed, and every version of an alert, also of one long gone."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from parking.flow.present import Present
from parking.towns.load import load_town
from parking.web.app import make_app, serve_app
from tests.web_shelf import MORNING, StillClock, info, registry, stores
from tests.web_street import busy


@pytest.fixture
def present() -> Present:
    return busy(load_town())


@pytest.fixture
async def client(present: Present) -> AsyncIterator[aiohttp.ClientSession]:
    app = make_app(present, stores=stores(present=present), clock=StillClock(), info=info(), registry=registry())
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session


async def test_a_sign_tells_when_its_words_changed_and_by_which_rule(client: aiohttp.ClientSession) -> None:
    answer = await client.get("/api/v1/signs/G07/history", params={"from": "2026-10-01T00:00:00Z"})
    told = (await answer.json())["changes"]
    assert [row["text"] for row in told[0]["rows"]] == ["满", "46"]
    assert told[0]["rows"][0]["rule"] == "full_by_count"


async def test_a_section_tells_when_its_level_changed(client: aiohttp.ClientSession) -> None:
    answer = await client.get("/api/v1/sections/R8/history", params={"to": "2026-10-03T00:00:00Z"})
    assert [one["level"] for one in (await answer.json())["changes"]] == ["severe"]


async def test_an_alert_that_is_only_in_the_store_is_still_told(
    client: aiohttp.ClientSession, present: Present
) -> None:
    name = next(iter(present.alerts))
    present.alerts.clear()
    assert (await (await client.get(f"/api/v1/alerts/{name}")).json())["id"] == name
    versions = (await (await client.get(f"/api/v1/alerts/{name}/history")).json())["versions"]
    assert [one["id"] for one in versions] == [name]


async def test_what_never_was_is_a_404_and_a_span_backwards_a_400(client: aiohttp.ClientSession) -> None:
    assert (await client.get("/api/v1/alerts/A-nothing/history")).status == 404
    assert (await client.get("/api/v1/signs/G99/history")).status == 404
    later = (MORNING + timedelta(days=1)).isoformat()
    assert (await client.get("/api/v1/signs/G07/history", params={"from": later})).status == 400
