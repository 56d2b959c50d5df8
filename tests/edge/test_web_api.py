"""What the API says of a town, route by route."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from parking.domain.errors import StoreDown
from parking.domain.ids import LotId, SignId
from parking.flow.present import Part, PartState, Present
from parking.memory.pasts import MemoryPasts
from parking.towns.load import load_town
from parking.web.app import WebStores, make_app, serve_app
from tests.makers import an_occupancy
from tests.web_shelf import MORNING, Shelf, StillClock, info, registry, stores
from tests.web_street import busy, cases

TOWN = load_town()


@pytest.fixture
def present() -> Present:
    return busy(TOWN)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def app(present: Present, clock: StillClock) -> web.Application:
    slots = [an_occupancy(taken=float(i), at=MORNING - timedelta(minutes=5 * i)) for i in range(40)]
    return make_app(present, stores=stores(slots, cases(TOWN)), clock=clock, info=info(), registry=registry())


@pytest.fixture
async def client(app: web.Application) -> AsyncIterator[aiohttp.ClientSession]:
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session


async def body(client: aiohttp.ClientSession, path: str, status: int = 200) -> Any:  # noqa: ANN401 -- JSON of any shape
    async with client.get(path) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_a_lot_says_how_many_are_free_how_sure_that_is_and_how_old(client: aiohttp.ClientSession) -> None:
    lot = await body(client, "/api/v1/lots/P05")
    assert (lot["state"], lot["free"], lot["capacity"]) == ("limited", 14, 80)
    assert (lot["quality"], lot["reason"], lot["age_s"]) == ("degraded", "wide", 33.0)


async def test_a_stale_lot_tells_no_number(client: aiohttp.ClientSession) -> None:
    lot = await body(client, "/api/v1/lots/P14")
    assert (lot["free"], lot["taken"], lot["quality"]) == (None, None, "stale")


async def test_a_lot_heard_of_without_a_change_grows_no_older(client: aiohttp.ClientSession, present: Present) -> None:
    present.hear({LotId("P05"): MORNING - timedelta(seconds=2)})
    assert (await body(client, "/api/v1/lots/P05"))["age_s"] == 2.0


async def test_a_filling_lot_says_when_it_will_be_full(client: aiohttp.ClientSession) -> None:
    outlook = (await body(client, "/api/v1/lots/P13"))["outlook"]
    assert outlook["full_earliest"] < outlook["full_at"] < outlook["full_latest"]


async def test_lots_are_filtered_by_state_and_area(client: aiohttp.ClientSession) -> None:
    full = (await body(client, "/api/v1/lots?state=full"))["items"]
    assert [lot["id"] for lot in full] == ["P02", "P15"]
    assert [lot["id"] for lot in (await body(client, "/api/v1/lots?state=full&area=baidi"))["items"]] == ["P15"]
    assert len((await body(client, "/api/v1/lots"))["items"]) == 16


async def test_history_is_what_the_store_holds_of_that_lot_and_span(client: aiohttp.ClientSession) -> None:
    begin = (MORNING - timedelta(minutes=30)).isoformat().replace("+", "%2B")
    history = await body(client, f"/api/v1/lots/P01/history?from={begin}")
    assert [slot["taken"] for slot in history["slots"]] == [float(i) for i in range(40) if 0 < i <= 6]
    assert history["to"] == "2026-10-02T02:35:00Z"


async def test_a_forecast_has_a_band_around_its_middle(client: aiohttp.ClientSession) -> None:
    forecast = await body(client, "/api/v1/lots/P03/forecast")
    assert [point["minutes"] for point in forecast["points"]] == [5, 15, 30, 60, 120, 360, 1440]
    assert all(p["taken_low"] <= p["taken"] <= p["taken_high"] for p in forecast["points"])
    assert all(p["free_low"] <= p["free"] <= p["free_high"] for p in forecast["points"])


async def test_a_sign_tells_wanted_and_confirmed_each_with_its_age_and_why(client: aiohttp.ClientSession) -> None:
    sign = await body(client, "/api/v1/signs/G07")
    assert [row["text"] for row in sign["wanted"]["rows"]] == ["满", "46"]
    assert sign["confirmed"]["rows"] == ["57", "3"]
    assert (sign["wanted"]["age_s"], sign["confirmed"]["age_s"], sign["status"]) == (130.0, 190.0, "differs")
    assert sign["wanted"]["rows"][0]["why"]["rule"] == "full_by_count"


async def test_a_sign_moments_after_a_command_is_waiting_and_after_its_end_neutral(
    client: aiohttp.ClientSession, present: Present, clock: StillClock
) -> None:
    present.shown.clear()
    statuses = []
    for seconds in (0, 90, 200):
        clock.at = MORNING + timedelta(seconds=seconds)
        statuses.append((await body(client, "/api/v1/signs/G05"))["status"])
    assert statuses == ["waiting", "silent", "ended"]


async def test_a_renewal_of_the_same_words_needs_no_new_proof(client: aiohttp.ClientSession, present: Present) -> None:
    told = present.wanted[SignId("G05")]
    present.wanted[SignId("G05")] = replace(told, sequence=told.sequence + 1)
    assert (await body(client, "/api/v1/signs/G05"))["status"] == "confirmed"


async def test_sections_are_told_with_level_and_speed(client: aiohttp.ClientSession) -> None:
    severe = (await body(client, "/api/v1/sections?level=severe"))["items"]
    assert [(one["id"], one["speed_kmh"]) for one in severe] == [("R8", 7.9)]
    assert (await body(client, "/api/v1/sections/R10"))["speed_kmh"] is None


async def test_alerts_come_gravest_first_with_names_people_use(client: aiohttp.ClientSession) -> None:
    alerts = (await body(client, "/api/v1/alerts?open=true"))["items"]
    assert [alert["grade"] for alert in alerts] == [3, 3, None, None, None]
    assert {alert["subject_name"] for alert in alerts} >= {"白帝大道景区段", "白帝城游客中心P1"}
    assert [a["kind"] for a in alerts if a["for_maintenance"]] == ["sign_unconfirmed", "sensor_silent"]
    one = await body(client, f"/api/v1/alerts/{alerts[0]['id']}")
    assert one["case_no"].startswith("FJ")


async def test_a_case_tells_its_department_its_deadline_and_its_light(client: aiohttp.ClientSession) -> None:
    late = await body(client, "/api/v1/cases/FJ202610010007")
    assert (late["department_name"], late["light"], late["remaining_s"]) == ("设备运维单位", "red", -5400.0)
    assert [step["stage"] for step in late["steps"]][-1] == "dispatched"
    near = await body(client, "/api/v1/cases/FJ202610020002")
    assert near["light"] == "yellow"


async def test_closed_cases_come_from_the_store_when_asked_for(client: aiohttp.ClientSession) -> None:
    assert len((await body(client, "/api/v1/cases"))["items"]) == 3
    assert len((await body(client, "/api/v1/cases?open=false"))["items"]) == 4
    assert len((await body(client, "/api/v1/cases?open=false&stage=closed"))["items"]) == 1
    assert len((await body(client, "/api/v1/cases?limit=2"))["items"]) == 2


async def test_the_town_names_everything_that_a_map_needs(client: aiohttp.ClientSession) -> None:
    town = await body(client, "/api/v1/town")
    assert (len(town["lots"]), len(town["signs"]), len(town["sections"])) == (16, 12, 10)
    assert town["run"]["simulated"] is True
    basemap = await body(client, town["basemap"])
    assert basemap["type"] == "FeatureCollection"


async def test_readiness_fails_with_a_needed_part_and_names_it(client: aiohttp.ClientSession, present: Present) -> None:
    assert (await body(client, "/health/ready"))["ready"] is True
    present.put_part(Part("broker", PartState.DOWN, MORNING - timedelta(seconds=9), "connection refused"))
    ready = await body(client, "/health/ready", status=503)
    broker = next(part for part in ready["parts"] if part["name"] == "broker")
    assert (broker["state"], broker["age_s"], broker["detail"]) == ("down", 9.0, "connection refused")
    assert (await body(client, "/health/live")) == {"status": "live"}


async def test_a_part_nobody_needs_may_be_down(client: aiohttp.ClientSession, present: Present) -> None:
    present.put_part(Part("webhook", PartState.DOWN, MORNING))
    assert (await body(client, "/health/ready"))["ready"] is True


async def test_metrics_count_lots_by_state_and_open_alerts(client: aiohttp.ClientSession) -> None:
    async with client.get("/metrics") as answer:
        text = await answer.text()
    assert answer.content_type == "text/plain"
    assert 'parking_lots{state="full"} 2.0' in text
    assert 'parking_alerts_open{kind="jam"} 1.0' in text
    assert 'parking_signs{status="differs"} 1.0' in text
    assert "parking_cases_overdue 1.0" in text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/lots?stat=full", 400, "bad_question"),
        ("/api/v1/lots?state=voll", 400, "bad_question"),
        ("/api/v1/lots?state=full&state=free", 400, "bad_question"),
        ("/api/v1/town?x=", 400, "bad_question"),
        ("/api/v1/cases?limit=0", 400, "bad_question"),
        ("/api/v1/cases?limit=100000000000000000000000", 400, "bad_question"),
        ("/api/v1/lots/P01/history?from=2026-10-02T02:00:00", 400, "bad_question"),
        ("/api/v1/lots/P01/history?from=2020-01-01T00:00:00Z", 400, "bad_question"),
        ("/api/v1/lots/P99", 404, "not_found"),
        ("/api/v1/lots/P01%00", 404, "not_found"),
        ("/api/v1/signs/P01", 404, "not_found"),
        ("/api/v1/cases/FJ1%27;drop", 404, "not_found"),
        ("/api/v1/alerts/none", 404, "not_found"),
        ("/api/v2/lots", 404, "not_found"),
        ("/static/0000/app.mjs", 404, "not_found"),
        ("/static/%2e%2e/%2e%2e/app.py", 404, "not_found"),
    ],
)
async def test_a_question_that_does_not_fit_is_told_what_to_do(
    client: aiohttp.ClientSession, path: str, status: int, code: str
) -> None:
    error = (await body(client, path, status=status))["error"]
    assert error["code"] == code
    assert error["message_zh"]
    assert error["remedy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_can_be_written(client: aiohttp.ClientSession, method: str) -> None:
    async with client.request(method, "/api/v1/lots", data=b"{}") as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, HEAD"
        assert (await answer.json())["error"]["code"] == "wrong_method"


async def test_head_answers_the_head_alone(client: aiohttp.ClientSession) -> None:
    for path in ("/", "/api/v1/lots", "/health/live", "/api/v1/stream"):
        async with client.head(path) as answer:
            assert (answer.status, await answer.read()) == (200, b"")


async def test_long_answers_are_zipped_and_short_ones_are_not(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/v1/lots") as answer:
        assert answer.headers["Content-Encoding"] in ("gzip", "deflate")
    async with client.get("/health/live") as answer:
        assert "Content-Encoding" not in answer.headers


async def test_what_seldom_changes_is_sent_once(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/v1/town") as answer:
        tag = answer.headers["ETag"]
    async with client.get("/api/v1/town", headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


async def test_every_answer_carries_the_strict_headers(client: aiohttp.ClientSession) -> None:
    for path in ("/", "/api/v1/lots", "/api/v1/lots/none", "/metrics", "/nothing", "/api/v1/lots?x=1"):
        async with client.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"


class BrokenShelf(Shelf):
    """A store that is away."""

    async def find_case(self, no: str) -> None:
        """Away."""
        raise StoreDown("postgres://somebody:secret@somewhere")


async def test_a_store_that_is_away_is_a_503_that_tells_no_secret(present: Present, clock: StillClock) -> None:
    away = WebStores(histories=BrokenShelf(), cases=BrokenShelf(), pasts=MemoryPasts())
    app = make_app(present, stores=away, clock=clock, info=info(), registry=registry())
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        error = await body(session, "/api/v1/cases/FJ202601010001", status=503)
    assert "secret" not in str(error)
