"""Values of a JSON message by their paths, and what its texts stand for."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from sensors.families.misread import Misread, number_of, sound
from sensors.families.statement import Statement
from sensors.layout_shapes import Value
from sensors.profile_shapes import Paths

INTEGER: Final = re.compile(r"[+-]?[0-9]{1,15}")
DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,15}\.[0-9]{1,15}")
FLAGS: Final[Mapping[str, bool]] = {"true": True, "false": False, "yes": True, "no": False}
MOST_ITEMS: Final = 2_500
LOCAL: Final = "%Y-%m-%d %H:%M:%S"


def statements(message: Mapping[str, Any], payload: bytes, received_at: datetime, paths: Paths) -> list[Statement]:
    """One statement for each item of the message, or one of the whole.

    Raises:
        Misread: `field`, a value or time is not what it must be; `shape`, the items are no list of objects.
    """
    items = _items(message, paths)
    at = _time(_found(message, paths.time), paths, received_at) if paths.time else received_at
    own = _found(message, paths.id) if paths.id else None
    made = (own if own is None else _text(own)) or payload.decode("utf-8", "replace")
    return [_statement(nth, item, message, paths, at, made, received_at) for nth, item in enumerate(items)]


def _statement(
    nth: int,
    item: Mapping[str, Any],
    message: Mapping[str, Any],
    paths: Paths,
    at: datetime,
    made: str,
    received_at: datetime,
) -> Statement:
    def look(path: str) -> object:
        found = _found(item, path)
        return found if found is not None or item is message else _found(message, path)

    values = {name: _plain(look(path)) for name, path in paths.values.items()}
    key = _text(look(paths.key)) if paths.key else ""
    own_at = _time(look(paths.time), paths, received_at) if paths.time and item is not message else at
    told: dict[str, Value] = {name: value for name, value in values.items() if value is not None}
    return Statement(key, 0, number_of(made, key, str(nth)), own_at, told)


def _items(message: Mapping[str, Any], paths: Paths) -> Sequence[Mapping[str, Any]]:
    if not paths.items:
        return [message]
    items = _found(message, paths.items)
    if items is None:
        return [message]  # a presence message has none
    if not isinstance(items, list) or len(items) > MOST_ITEMS or not all(isinstance(one, dict) for one in items):
        raise Misread("shape")
    return items or [message]


def _found(inside: object, path: str) -> object:
    """The value at the end of a path; None when there is none."""
    for name in path.split("."):
        if isinstance(inside, Mapping):
            items = inside.get("SimpleItem")
            inside = inside.get(name) if name in inside or items is None else _simple(items, name)
        else:
            return None
    return inside


def _simple(items: object, name: str) -> object:
    """ONVIF's list form: `{"SimpleItem": [{"Name": "State", "Value": "true"}]}`, one item perhaps without the list."""
    listed = items if isinstance(items, list) else [items]
    named = (one for one in listed if isinstance(one, Mapping) and one.get("Name") == name)
    return next((one.get("Value") for one in named), None)


def _plain(value: object) -> Value:
    """A value, or what the text of one stands for: cameras write "1" for 1 and "true" for true."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return sound(value)
    if not isinstance(value, str):
        raise Misread("field")
    if INTEGER.fullmatch(value):
        return int(value)
    return float(value) if DECIMAL.fullmatch(value) else FLAGS.get(value.lower(), value)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Misread("field")
    return str(value)


def _time(value: object, paths: Paths, received_at: datetime) -> datetime:
    """The time in UTC; when it came, where the message has none."""
    if value is None:
        return received_at
    try:
        if paths.time_form == "local":
            zone = timezone(timedelta(hours=paths.utc_offset_h))
            return datetime.strptime(str(value), LOCAL).replace(tzinfo=zone).astimezone(UTC)
        if paths.time_form == "rfc3339":
            told = datetime.fromisoformat(str(value))
            return told.astimezone(UTC) if told.tzinfo else _refuse()
        number = float(_text(value) if not isinstance(value, float) else value)
        return datetime.fromtimestamp(number / (1000 if paths.time_form == "epoch_ms" else 1), UTC)
    except (OverflowError, ValueError, OSError):
        raise Misread("field") from None


def _refuse() -> datetime:
    raise Misread("field")
