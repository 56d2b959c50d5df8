"""A value as an answer: JSON, zipped when worth it, with a tag where it seldom changes."""

from hashlib import sha256

import msgspec
from aiohttp import web

_encoder = msgspec.json.Encoder()


def to_json(value: object) -> bytes:
    """JSON, UTF-8; times are RFC 3339."""
    return _encoder.encode(value)


def json_answer(value: object, *, status: int = 200, zip_above: int = 1024) -> web.Response:
    """Today's value: never kept by anybody on the way."""
    return zipped(
        web.Response(status=status, body=to_json(value), content_type="application/json", charset="utf-8"), zip_above
    )


def zipped(response: web.Response, zip_above: int) -> web.Response:
    """The same answer, which will be compressed for those who take it."""
    if isinstance(response.body, bytes) and len(response.body) > zip_above:
        response.enable_compression()
        response.headers["Vary"] = "Accept-Encoding"
    return response


def tagged(request: web.Request, body: bytes, content_type: str, *, zip_above: int = 1024) -> web.Response:
    """Something that seldom changes: who has it already hears 304."""
    tag = sha256(body).hexdigest()[:20]
    kept = request.if_none_match
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "no-cache"}
    if kept is not None and any(known.value in (tag, "*") for known in kept):
        return web.Response(status=304, headers=headers)
    return zipped(web.Response(body=body, content_type=content_type, charset="utf-8", headers=headers), zip_above)
