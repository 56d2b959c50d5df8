"""What every family shares: its one error, strict JSON and base64, and numbers made of texts."""

import base64
import binascii
from hashlib import sha256
from typing import Any, Final, TypeVar

import msgspec

from parking.domain.errors import BadReading

T = TypeVar("T")

SAFE_BITS: Final = 48
"""A number made of a text stays within what every JSON reader keeps exact (53 bits)."""

MOST: Final = 2**53 - 1
"""JSON's safe integers; JSON itself allows numbers of any length."""


class Misread(BadReading):
    """A message that a family does not understand. `cause` is what becomes the cause of doubt."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def read_json(payload: bytes, into: type[T]) -> T:
    """The payload as that shape.

    Raises:
        Misread: `utf8`, `json`, `nesting`; `field` when it is JSON of another shape.
    """
    try:
        payload.decode()
        return msgspec.json.decode(payload, type=into)
    except UnicodeDecodeError:
        raise Misread("utf8") from None
    except RecursionError:
        raise Misread("nesting") from None
    except msgspec.ValidationError:
        raise Misread("field") from None
    except msgspec.DecodeError:
        raise Misread("json") from None


def sound(number: float) -> float:
    """The number, when every program can count with it. Raises Misread."""
    if not -MOST <= number <= MOST:
        raise Misread("field")
    return number


def read_object(payload: bytes) -> dict[str, Any]:
    """A JSON object of any fields. Raises Misread."""
    return read_json(payload, dict[str, Any])


def read_base64(text: str) -> bytes:
    """Standard base64, strictly. Raises Misread."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Misread("base64") from None


def number_of(*texts: str) -> int:
    """A number that stands for these texts: the same ones always give the same, others practically never."""
    return int.from_bytes(sha256("\x00".join(texts).encode("utf-8", "surrogatepass")).digest()[: SAFE_BITS // 8], "big")
