"""Answers to a question that cannot be answered: one shape, in two languages, with what to do."""

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from parking.domain.errors import EdgeDown, NotFound, ParkingError


class BadQuestion(ParkingError):
    """A parameter that does not fit: the message names it and what would."""


class ErrorView(msgspec.Struct, frozen=True):
    """What went wrong and what to do about it."""

    code: str
    message_zh: str
    message_en: str
    remedy: str


class ErrorAnswer(msgspec.Struct, frozen=True):
    """Body of every answer from 400 on."""

    error: ErrorView


SAID: dict[int, tuple[str, str, str, str]] = {
    400: ("bad_question", "参数有误", "a parameter does not fit", "按接口说明修改参数。 See /api/v1/openapi.json."),
    404: ("not_found", "未找到", "nothing of that name", "检查编号或路径。 Check the id or the path."),
    405: ("wrong_method", "不支持此方法", "the route does not take this method", "见 Allow 头。 See the Allow header."),
    413: ("too_large", "请求过大", "the body is too large", "请缩小请求。 Send less."),
    503: (
        "unavailable",
        "暂时不可用",
        "a part of the service is away",
        "请稍后重试，并查看 /health/ready。 Try again later.",
    ),
}
"""Status -> code, Chinese, English, remedy."""


def error_answer(status: int, detail: str = "") -> web.Response:
    """The JSON answer of that status; `detail` says what exactly."""
    code, zh, en, remedy = SAID.get(
        status, ("refused", "请求被拒绝", "the request was refused", "见 HTTP 状态。 See the status.")
    )
    tail_zh, tail_en = (f"：{detail}", f": {detail}") if detail else ("", "")
    view = ErrorAnswer(ErrorView(code, zh + tail_zh, en + tail_en, remedy))
    return web.Response(status=status, body=msgspec.json.encode(view), content_type="application/json", charset="utf-8")


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what the layers below raise on purpose into answers; a bug stays a 500 in the log."""
    try:
        return await handler(request)
    except BadQuestion as trouble:
        return error_answer(400, str(trouble))
    except NotFound as trouble:
        return error_answer(404, str(trouble))
    except EdgeDown as trouble:
        return error_answer(503, type(trouble).__name__)
    except web.HTTPMethodNotAllowed as refusal:
        answer = error_answer(405)
        answer.headers["Allow"] = ", ".join(sorted(refusal.allowed_methods))
        return answer
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        return error_answer(refusal.status)
