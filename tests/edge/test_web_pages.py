"""The page's files: served from memory, kept for ever, small, and calling nobody."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from hashlib import sha256

import aiohttp
import pytest

from parking.flow.present import Present
from parking.web.app import make_app, serve_app
from parking.web.files import read_files
from tests.makers import a_town
from tests.web_shelf import StillClock, info, registry, stores

FILES = read_files()
FIRST_VIEW_BYTES = 150_000
NAMESPACES = re.compile(r"http://www\.w3\.org/(2000/svg|1999/xhtml|1998/Math/MathML|1999/xlink|XML/1998/namespace)")


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    app = make_app(Present(a_town()), stores=stores(), clock=StillClock(), info=info(), registry=registry())
    async with serve_app(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session


async def test_the_index_is_asked_for_anew_and_its_files_never(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as answer:
        html = await answer.text()
        assert answer.headers["Cache-Control"] == "no-cache"
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', html):
        async with client.get(path) as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("app.mjs", "text/javascript"),
        ("early.js", "text/javascript"),
        ("style/page.css", "text/css"),
        ("text/zh.json", "application/json"),
        ("icon.svg", "image/svg+xml"),
    ],
)
async def test_every_kind_of_file_is_called_by_its_name(client: aiohttp.ClientSession, path: str, kind: str) -> None:
    async with client.get(f"/static/{FILES.digest}/{path}") as answer:
        assert (answer.status, answer.content_type, answer.charset) == (200, kind, "utf-8")


async def test_who_does_not_take_gzip_gets_the_plain_file(client: aiohttp.ClientSession) -> None:
    async with client.get("/", headers={"Accept-Encoding": "identity"}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert (await answer.read()).startswith(b"<!doctype html>")


def test_no_file_calls_anybody_outside() -> None:
    for path, file in {**FILES.by_path, "index.html": FILES.index}.items():
        rest = NAMESPACES.sub("", file.body.decode())
        assert not re.search(r"https?://", rest), path
        assert not re.search(r"[\"'(]//[a-z]", rest), path


def test_the_page_has_nothing_inline() -> None:
    html = FILES.index.body.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


def test_every_import_and_link_leads_to_a_shipped_file() -> None:
    for path, file in FILES.by_path.items():
        if not path.endswith(".mjs"):
            continue
        for target in re.findall(r"(?:from|import)\s*\(?\"(\.[^\"]+)\"", file.body.decode()):
            parts = [part for part in [*path.split("/")[:-1], *target.split("/")] if part != "."]
            while ".." in parts:
                i = parts.index("..")
                del parts[i - 1 : i + 1]
            assert "/".join(parts) in FILES.by_path, f"{path} imports {target}"


def test_the_first_view_is_small() -> None:
    text = sum(len(file.zipped) for path, file in FILES.by_path.items() if not path.startswith("vendor/LICENSE"))
    assert text + len(FILES.index.zipped) < FIRST_VIEW_BYTES
    assert gzip.decompress(FILES.index.zipped) == FILES.index.body


def test_vendored_files_are_the_ones_that_the_manifest_names() -> None:
    manifest = json.loads(FILES.by_path["vendor/VENDOR.json"].body)
    for entry in manifest["files"]:
        assert sha256(FILES.by_path[f"vendor/{entry['file']}"].body).hexdigest() == entry["sha256"]
    for package in manifest["packages"]:
        assert package["licence"] in ("MIT", "Apache-2.0")
        assert FILES.by_path[f"vendor/{package['text']}"].body


async def test_a_town_without_a_basemap_says_so_instead_of_pointing_nowhere(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/v1/town") as answer:
        assert (await answer.json())["basemap"] is None
    async with client.get("/api/v1/basemap") as answer:
        assert answer.status == 404
