"""What handlers find in the application: typed keys instead of globals."""

from collections.abc import Callable
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry

from parking.web.files import Files
from parking.web.run import RunInfo, WebLimits, WebStores
from parking.web.scene import Scene
from parking.web.stream import Stream
from parking.web.views.town import RunView

SCENE: Final[web.AppKey[Callable[[], Scene]]] = web.AppKey("scene")
"""The present, read at this very moment."""
STORES: Final = web.AppKey("stores", WebStores)
INFO: Final = web.AppKey("info", RunInfo)
RUN: Final = web.AppKey("run", RunView)
LIMITS: Final = web.AppKey("limits", WebLimits)
STREAM: Final = web.AppKey("stream", Stream)
REGISTRY: Final = web.AppKey("registry", CollectorRegistry)
FILES: Final = web.AppKey("files", Files)
BASEMAP: Final = web.AppKey("basemap", bytes)
"""GeoJSON; empty when the town has none."""
OPENAPI: Final = web.AppKey("openapi", bytes)
