"""EDGE. Alerts and cases to another system over HTTP: CloudEvents 1.0, structured JSON, signed.

Signature as Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, headers `webhook-id`, `webhook-timestamp`,
`webhook-signature`. The id stays the same on every retry: the receiver files it once.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final, Self

import aiohttp
import msgspec

from parking.domain.errors import BadSettings, EdgeDown
from parking.ports import Clock, Due

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
PATIENCE: Final = aiohttp.ClientTimeout(total=10, connect=5)
"""The standard asks receivers to answer within seconds and work later."""
PREFIX: Final = "whsec_"
LEAST_SECRET_BYTES: Final = 24
"""Least key length of Standard Webhooks."""


class CloudEvent(msgspec.Struct, kw_only=True):
    """Attributes of CloudEvents 1.0 that we send."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    time: datetime
    subject: str
    datacontenttype: str = "application/json"
    data: msgspec.Raw


def parse_secret(text: str) -> bytes:
    """The signing key of a secret: `whsec_` and base64. Raises BadSettings with the remedy."""
    try:
        key = base64.b64decode(text.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as trouble:
        raise _bad_secret(str(trouble)) from trouble
    if len(key) < LEAST_SECRET_BYTES:
        raise _bad_secret(f"{len(key)} bytes are too short")
    return key


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Value of `webhook-signature`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class WebhookSink:
    """Posts each message of the outbox to one address. Enter it before use."""

    name = "webhook"

    def __init__(self, url: str, secret: str, run: str, machine: Clock) -> None:
        """`run` names the source of the events, so that a replay is never taken for the live town."""
        self._url = url
        self._key = parse_secret(secret)
        self._source = f"/parking/{run}"
        self._run = run
        self._machine = machine
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the pool of connections."""
        self._session = aiohttp.ClientSession(timeout=PATIENCE)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    async def deliver(self, due: Due) -> None:
        """Return once the receiver has answered 2xx; raises EdgeDown otherwise.

        Messages without a type only clear a retained topic: nothing to tell here.
        """
        if not due.message.type:
            return
        body = msgspec.json.encode(self._event(due))
        message_id = f"{self._run}-{due.id}"
        timestamp = int(self._machine.now().timestamp())
        headers = {
            "Content-Type": CONTENT_TYPE,
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(self._key, message_id, timestamp, body),
        }
        await self._post(body, headers)

    async def _post(self, body: bytes, headers: dict[str, str]) -> None:
        if self._session is None:
            raise EdgeDown("webhook: closed")
        try:
            async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
        except TimeoutError as trouble:
            raise EdgeDown(f"webhook: no answer within {PATIENCE.total:.0f} s") from trouble
        except aiohttp.ClientError as trouble:
            raise EdgeDown(f"webhook: {type(trouble).__name__}; is the receiver running?") from trouble
        if not 200 <= status < 300:
            raise EdgeDown(f"webhook: the receiver answered {status}; see its log")

    def _event(self, due: Due) -> CloudEvent:
        message = due.message
        return CloudEvent(
            id=str(due.id),
            source=self._source,
            type=message.type,
            time=due.created_at,
            subject=message.key,
            data=msgspec.Raw(message.body or b"null"),
        )


def _bad_secret(why: str) -> BadSettings:
    return BadSettings((f"webhook_secret_file: {why}; it holds whsec_ and at least 24 random bytes in base64",))
