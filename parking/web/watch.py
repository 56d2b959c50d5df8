"""The live stream, and the answers for machines that watch the service: health and metrics."""

import asyncio

from aiohttp import hdrs, web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from parking.domain.errors import EdgeDown
from parking.web.answer import json_answer
from parking.web.keys import INFO, LIMITS, REGISTRY, SCENE, STREAM
from parking.web.questions import Question, ask
from parking.web.stream import Client, Stream
from parking.web.views.health import LiveView, ready_view

RETRY = b"retry: 1000\n\n"
"""A page that lost us comes back after a second."""

BEAT = b": beat\n\n"


class TooManyStreams(EdgeDown):
    """More pages than one process should feed: come back later."""


async def live(request: web.Request) -> web.Response:
    """The process answers."""
    ask(request, Question)
    return json_answer(LiveView("live"))


async def ready(request: web.Request) -> web.Response:
    """200 when every needed part is up, else 503 with the same body."""
    ask(request, Question)
    view = ready_view(request.app[SCENE](), request.app[INFO])
    return json_answer(view, status=200 if view.ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Prometheus text."""
    ask(request, Question)
    return web.Response(
        body=generate_latest(request.app[REGISTRY]), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_PLAIN_0_0_4}
    )


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-sent events until the page goes or the service ends."""
    ask(request, Question)
    source = request.app[STREAM]
    if len(source.clients) >= request.app[LIMITS].stream_clients:
        raise TooManyStreams("too many pages listen already")
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    if request.method == hdrs.METH_HEAD:
        return response
    client = source.join(request.headers.get("Last-Event-ID", ""))
    try:
        await _feed(request, response, source, client)
    except ConnectionError:
        return response
    except TimeoutError:
        _let_go(request)
    finally:
        source.leave(client)
    return response


async def _feed(request: web.Request, response: web.StreamResponse, source: Stream, client: Client) -> None:
    limits = request.app[LIMITS]
    await response.write(RETRY)
    while source.is_open():
        woken = await client.wait(limits.stream_beat_s)
        if not source.is_open():
            return
        async with asyncio.timeout(limits.write_s):
            await response.write(_next(source, client) if woken else BEAT)


def _next(source: Stream, client: Client) -> bytes:
    if client.needs_snapshot:
        client.take()
        return source.snapshot()
    return b"".join(event.frame for event in client.take()) or BEAT


def _let_go(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
