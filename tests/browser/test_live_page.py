"""The real page in a real browser: it shows the town, follows it, and outlives the service's restart."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

from parking.domain.decisions import Decisions
from parking.domain.guidance import State
from parking.domain.ids import AlertId, CaseNo, SignId
from parking.flow.present import Present
from parking.towns.load import load_town
from parking.web.app import RunKind, make_app, serve_app
from tests.web_shelf import MORNING, StillClock, info, registry, stores
from tests.web_street import busy, lot_state, shown

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
"""One browser for the whole file: starting one costs more than a test."""

TOWN = load_town()
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SOON_MS = 10_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=chromium_path, args=ARGS)
        yield browser
        await browser.close()


@dataclass
class Watched:
    """A page, and everything it complained of or asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def follow(self) -> "Watched":
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda trouble: self.complaints.append(str(trouble)))
        self.page.on("request", self._ask)
        return self

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)


def an_app(present: Present, kind: RunKind = RunKind.SIMULATION):  # noqa: ANN201 -- aiohttp's application
    run = replace(info(), kind=kind)
    return make_app(present, stores=stores(), clock=StillClock(), info=run, registry=registry())


async def open_page(browser: Browser, port: int, *, query: str = "", width: int = 1440) -> Watched:
    context = await browser.new_context(viewport={"width": width, "height": 900})
    watched = Watched(await context.new_page()).follow()
    watched.page.set_default_timeout(SOON_MS)
    await watched.page.goto(f"http://127.0.0.1:{port}/{query}")
    await expect(watched.page.locator("[data-lot=P16]")).to_be_visible(timeout=SOON_MS)
    return watched


async def test_the_page_shows_the_town_follows_it_and_asks_nobody_outside(browser: Browser) -> None:
    present = busy(TOWN)
    async with serve_app(an_app(present)) as port:
        watched = await open_page(browser, port)
        page = watched.page
        await expect(page.locator("[data-lot]")).to_have_count(16)
        await expect(page.locator("[data-sign]")).to_have_count(12)
        await expect(page.locator("[data-lot=P02] .state")).to_have_text("已满")
        await expect(page.locator("[data-lot=P03] .free b")).to_have_text("168")
        await expect(page.locator("[data-sign=G07] .status")).to_have_text("内容不符")
        await expect(page.locator(".map .m-lot[data-id=P02]")).to_have_class(re.compile("is-full"))
        await expect(page.locator("[data-case=FJ202610010007] .deadline")).to_contain_text("超期")

        present.apply(Decisions(at=MORNING, lots=(lot_state(TOWN, "P03", 310, State.FULL),)))
        await expect(page.locator("[data-lot=P03] .state")).to_have_text("已满")
        await expect(page.locator("[data-lot=P03] .free b")).to_have_text("0")
        await expect(page.locator("[data-figure=full] .value b")).to_have_text("3")
        await expect(page.locator(".map .m-lot[data-id=P03]")).to_have_class(re.compile("is-full"))

        told = present.wanted[SignId("G07")]
        present.confirm(shown(told, MORNING))
        await expect(page.locator("[data-sign=G07] .led").first).to_have_text("满")
        await expect(page.locator("[data-sign=G07] .status")).to_have_text("已确认")

    here = f"http://127.0.0.1:{port}/"
    assert [url for url in watched.asked if not url.startswith(here)] == []
    assert [text for text in watched.complaints if "ERR_CONNECTION" not in text] == []


async def test_an_alert_appears_with_its_case_and_goes_when_it_ends(browser: Browser) -> None:
    present = busy(TOWN)
    jam = next(alert for alert in present.alerts.values() if alert.subject == "R8")
    no = CaseNo("FJ202610020009")
    case = replace(next(iter(present.cases.values())), no=no)
    async with serve_app(an_app(present)) as port:
        page = (await open_page(browser, port)).page
        new = replace(jam, id=AlertId("A-new"), subject="R2", case_no=no)
        present.apply(Decisions(at=MORNING, alerts=(new,)), (case,))
        await expect(page.locator("[data-alert=A-new]")).to_contain_text("夔州路")
        await page.locator(f"[data-alert=A-new] a[href='#case-{no}']").click()
        await expect(page.locator(f"[data-case={no}]")).to_be_in_viewport()
        await page.locator(f"[data-case={no}] summary").click()
        await expect(page.locator(f"[data-case={no}] ol")).to_contain_text("已派遣")


async def test_the_page_survives_a_restart_without_being_loaded_again(browser: Browser) -> None:
    present = busy(TOWN)
    async with AsyncExitStack() as first:
        port = await first.enter_async_context(serve_app(an_app(present)))
        page = (await open_page(browser, port)).page
        await page.evaluate("window.sameOne = true")
        await first.aclose()
        await expect(page.locator(".lostbar")).to_be_visible(timeout=SOON_MS)
    after = busy(TOWN)
    after.apply(Decisions(at=MORNING, lots=(lot_state(TOWN, "P03", 300, State.LIMITED),)))
    async with serve_app(an_app(after), port=port):
        await expect(page.locator("[data-lot=P03] .free b")).to_have_text("10", timeout=SOON_MS)
        await expect(page.locator(".lostbar")).to_have_count(0)
        after.apply(Decisions(at=MORNING, lots=(lot_state(TOWN, "P03", 290, State.LIMITED),)))
        await expect(page.locator("[data-lot=P03] .free b")).to_have_text("20", timeout=SOON_MS)
        assert await page.evaluate("window.sameOne") is True


async def test_language_and_theme_are_switched_and_remembered(browser: Browser) -> None:
    async with serve_app(an_app(busy(TOWN))) as port:
        page = (await open_page(browser, port)).page
        assert await page.evaluate("document.documentElement.lang") == "zh-CN"
        await page.get_by_role("button", name="English").click()
        await expect(page.locator("[data-lot=P02] .state")).to_have_text("Full")
        before = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        await page.get_by_role("button", name="Switch light and dark").click()
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != before
        await page.goto(f"http://127.0.0.1:{port}/")
        await expect(page.locator("[data-lot=P02] .state")).to_have_text("Full")
        assert await page.evaluate("document.documentElement.dataset.theme") in ("dark", "light")
        await page.goto(f"http://127.0.0.1:{port}/?lang=zh")
        await expect(page.locator("[data-lot=P02] .state")).to_have_text("已满")


async def test_nobody_takes_a_simulation_for_the_street(browser: Browser) -> None:
    async with serve_app(an_app(busy(TOWN))) as port:
        page = (await open_page(browser, port)).page
        await expect(page.locator(".banner")).to_contain_text("模拟 SIMULATION")
        assert "simulated" in str(await page.get_attribute("body", "class"))
        assert (await page.title()).startswith("[模拟")
    async with serve_app(an_app(busy(TOWN), RunKind.LIVE)) as port:
        page = (await open_page(browser, port)).page
        await expect(page.locator(".banner")).to_have_count(0)


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en"])
async def test_on_a_phone_nothing_hangs_over_the_edge(browser: Browser, query: str) -> None:
    async with serve_app(an_app(busy(TOWN))) as port:
        page = (await open_page(browser, port, query=query, width=390)).page
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        await expect(page.locator("[data-lot=P01] .free b")).to_be_visible()


async def test_the_map_is_moved_by_keys_and_a_lot_is_picked_without_a_mouse(browser: Browser) -> None:
    async with serve_app(an_app(busy(TOWN))) as port:
        page = (await open_page(browser, port)).page
        ground = page.locator(".map .ground")
        await expect(ground).to_have_attribute("transform", re.compile("translate"))
        before = await ground.get_attribute("transform")
        await page.locator("svg.map").focus()
        await page.keyboard.press("+")
        await expect(ground).not_to_have_attribute("transform", str(before))
        await page.locator(".map .m-lot[data-id=P15]").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".looked")).to_contain_text("白帝城游客中心")
