"""The page and its files."""

from aiohttp import hdrs, web

from parking.domain.errors import NotFound
from parking.web.files import File
from parking.web.keys import FILES

FOR_EVER = "public, max-age=31536000, immutable"


async def index(request: web.Request) -> web.Response:
    """The live page; it names the version of its files, so it is always asked for anew."""
    return _file(request, request.app[FILES].index, "no-cache")


async def static(request: web.Request) -> web.Response:
    """A file of this version. A page of an older version must not be handed a newer module."""
    files = request.app[FILES]
    found = files.by_path.get(request.match_info["path"])
    if found is None or request.match_info["digest"] != files.digest:
        raise NotFound(f"no file {request.path}")
    return _file(request, found, FOR_EVER)


def _file(request: web.Request, file: File, keep: str) -> web.Response:
    headers = {hdrs.CONTENT_TYPE: file.content_type, hdrs.CACHE_CONTROL: keep, hdrs.VARY: hdrs.ACCEPT_ENCODING}
    if "gzip" not in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        return web.Response(body=file.body, headers=headers)
    return web.Response(body=file.zipped, headers={**headers, hdrs.CONTENT_ENCODING: "gzip"})
