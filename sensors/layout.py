"""Bytes into named values, as a layout says. Pure; `Misread` is all it raises, whatever the bytes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sensors.families.misread import Misread
from sensors.layout_shapes import Field, Item, Limit, Message, Scalar, Step, Value

DIGITS: Final = 6
"""Decimals that a scaled number keeps: 2.5 + 0.004 × 211 is 3.344, not 3.3440000000000003."""

Values = dict[str, Value]


def read_message(messages: Iterable[Message], port: int, data: bytes) -> tuple[str, Values]:
    """Name and values of the first kind of message that fits.

    Raises:
        Misread: `port`, nothing comes on this one; `layout`, no kind has this length and these marks; `length`, the
            bytes end before a field does; `item`, no tagged value is known.
    """
    on_port = [one for one in messages if not one.ports or port in one.ports]
    if not on_port:
        raise Misread("port")
    for message in on_port:
        if _fits(message, data):
            return message.name, _values(message, data)
    raise Misread("layout")


def _fits(message: Message, data: bytes) -> bool:
    if message.sizes and len(data) not in message.sizes:
        return False
    marks = (*((at, 0xFF, value) for at, value in message.marks), *message.masks)
    return all(at < len(data) and data[at] & mask == value for at, mask, value in marks)


def _values(message: Message, data: bytes) -> Values:
    into: Values = dict(message.tells)
    _read(message.fields, data, into)
    if message.items:
        _read_items(message.items, data, into)
    return {name: value for name, value in into.items() if not name.startswith("_")}


def _read_items(items: Sequence[Item], data: bytes, into: Values) -> None:
    """Tagged values one after another. What is known stands, even if something unknown follows: its length is."""
    at, found = 0, False
    while at < len(data):
        item = next((one for one in items if data.startswith(bytes(one.head), at)), None)
        if item is None:
            break
        at += len(item.head)
        if at + item.size > len(data):
            raise Misread("length")
        _read(item.fields, data[at : at + item.size], into)
        at, found = at + item.size, True
    if not found:
        raise Misread("item")
    if at < len(data):
        into["unread"] = data[at:].hex()


def _read(fields: Iterable[Field], data: bytes, into: Values) -> None:
    for field in fields:
        if all(_holds(into.get(name), wanted) for name, wanted in field.when.items()):
            if field.of:
                into[field.name] = _meant(field, into.get(field.of))
            elif (part := _part(field, data)) is not None:
                into[field.name] = _value(field, part)


def _holds(value: Value, wanted: Scalar | Limit) -> bool:
    if not isinstance(wanted, Limit):
        return value == wanted
    return isinstance(value, int | float) and wanted.least <= value < wanted.below


def _part(field: Field, data: bytes) -> bytes | None:
    """The field's bytes; None when the message may end, and does end, before it."""
    start = field.byte if field.byte >= 0 else len(data) + field.byte
    end = start + field.size if field.size else len(data)
    if 0 <= start < end <= len(data):
        return data[start:end]
    if field.optional:
        return None
    raise Misread("length")


def _value(field: Field, part: bytes) -> Value:
    if field.each:
        if len(part) % field.each:
            raise Misread("length")
        parts = (part[at : at + field.each] for at in range(0, len(part), field.each))
        return [one for one in (_number(field, one) for one in parts) if one not in field.drop]
    if field.form == "hex":
        return part.hex().upper()
    if field.form == "version":
        return _version(field, part)
    return _meant(field, _number(field, part))


def _number(field: Field, part: bytes) -> int:
    order = part[::-1] if field.little else part
    number = 0
    for byte in order:
        number = number * field.base + byte
    high, low = field.bits or (8 * len(part) - 1, 0)
    width = high - low + 1
    if field.bits is not None:
        number = number >> low & (1 << width) - 1
    return number - (1 << width) if field.signed and number >> (width - 1) & 1 else number


def _version(field: Field, part: bytes) -> str:
    widths = field.split or (8,) * len(part)
    left, whole = 8 * len(part), int.from_bytes(part, "big")
    numbers = []
    for width in widths:
        left -= width
        numbers.append(whole >> left & (1 << width) - 1)
    return ".".join(map(str, numbers))


def _meant(field: Field, value: Value) -> Value:
    """Scaled, then by steps or words; what is no number has neither."""
    if isinstance(value, str | list) or value is None:
        return value
    if field.times != 1 or field.plus:
        value = round(value * field.times + field.plus, DIGITS)
    if field.steps:
        value = _stepped(field.steps, value)
    if field.words:
        return _word(field.words, value)
    return bool(value) if field.form == "flag" else value


def _word(words: Mapping[str, Scalar] | Sequence[Scalar], value: Value) -> Value:
    if isinstance(words, Mapping):
        return words.get(str(value))
    word = words[value] if isinstance(value, int) and 0 <= value < len(words) else ""
    return None if word == "" else word


def _stepped(steps: Sequence[Step], value: float) -> Value:
    step = next((one for one in reversed(steps) if one.least <= value), None)
    if step is None:
        return None
    if isinstance(step.gives, str | bool) or not step.each:
        return step.gives
    return step.gives + (value - step.least) * step.each
