"""The web application: puts routes, stream and guards together. It reads the present and two ports, nothing else."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry

from parking.domain.errors import BadSettings
from parking.domain.settings import Settings
from parking.flow.present import Present
from parking.ports import Clock
from parking.web import keys
from parking.web.answer import to_json
from parking.web.basemap import find_basemap
from parking.web.errors import errors_as_json
from parking.web.files import read_files
from parking.web.guard import add_headers
from parking.web.live import Live
from parking.web.metrics import PresentCollector
from parking.web.openapi import describe
from parking.web.routes import ROUTES, add_routes
from parking.web.run import RunInfo, RunKind, WebLimits, WebStores
from parking.web.scene import Scene
from parking.web.stream import Stream
from parking.web.views.town import run_view

__all__ = ["RunInfo", "RunKind", "WebLimits", "WebStores", "make_app", "serve_app"]

SHUTDOWN_S = 3.0
"""Streams are ended at once; an answer on its way may still finish."""


def make_app(
    present: Present,
    *,
    stores: WebStores,
    clock: Clock,
    info: RunInfo,
    registry: CollectorRegistry,
    settings: Settings | None = None,
    limits: WebLimits | None = None,
    town: str | None = None,
) -> web.Application:
    """The whole application.

    Args:
        present: what there is to show.
        stores: where older things are found.
        clock: street time.
        info: which run this is.
        registry: where other parts count; it gets the present's gauges as well.
        settings: thresholds that pages name.
        limits: how much is asked for at once.
        town: folder or name of the town whose background map is shown; its id when nothing is said.
    """
    limits, settings, files = limits or WebLimits(), settings or Settings(), read_files()

    def scene() -> Scene:
        return Scene(present, clock.now(), settings)

    run = run_view(info, files.digest)
    live = Live(scene, info, run)
    stream = Stream(present, live.render, live.snapshot, secrets.token_hex(4), limits)
    registry.register(PresentCollector(scene, info, stream))
    app = web.Application(middlewares=[errors_as_json], client_max_size=limits.body_bytes)
    app[keys.SCENE], app[keys.STORES], app[keys.INFO], app[keys.RUN] = scene, stores, info, run
    app[keys.LIMITS], app[keys.STREAM], app[keys.REGISTRY], app[keys.FILES] = limits, stream, registry, files
    app[keys.BASEMAP] = find_basemap(town or present.town.id) or b""
    app[keys.OPENAPI] = to_json(describe(ROUTES, info.version))
    add_routes(app)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_run_stream)
    app.on_shutdown.append(_end_stream)
    return app


@asynccontextmanager
async def serve_app(app: web.Application, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """Serve until left; gives the port, which the system picks for 0."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port, reuse_address=True).start()
        except OSError as trouble:
            remedy = "choose another with --port or PARKING_PORT; 0 picks a free one"
            raise BadSettings((f"cannot listen on {host}:{port}: {trouble.strerror}; {remedy}",)) from trouble
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _run_stream(app: web.Application) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(app[keys.STREAM].run())
        yield
        telling.cancel()


async def _end_stream(app: web.Application) -> None:
    app[keys.STREAM].close()
