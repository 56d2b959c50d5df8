"""How bytes are laid out, as data: the words that a profile file may use. Strict: an unknown word is an error."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Scalar: TypeAlias = bool | int | float | str
Value: TypeAlias = Scalar | list[int] | None
"""None: the device said something that its profile has no word for."""
Byte: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
Port: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}\Z")]
"""A field whose name begins with `_` helps others and is not told."""


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """From `least` on the value is `gives`, and grows by `each` for every one beyond."""

    least: int | float
    gives: Scalar
    each: int | float = 0

    def __post_init__(self) -> None:
        if self.each and isinstance(self.gives, str | bool):
            raise ValueError("each needs a number in gives")


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """A number's range in a condition."""

    least: float = float("-inf")
    below: float = float("inf")


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a message. Its steps: number from bytes, bits of it, scale, steps or words."""

    name: Name
    byte: Annotated[int, Meta(ge=-255, le=255)] = 0
    """Offset of the first byte; a negative one counts from the end."""
    size: Annotated[int, Meta(ge=0, le=255)] = 1
    """Bytes; 0: all to the end."""
    little: bool = False
    """The lowest byte comes first."""
    signed: bool = False
    """Two's complement, of the bits where bits are named."""
    bits: tuple[int, int] | None = None
    """Highest and lowest bit, 0 being the lowest of the number."""
    base: Annotated[int, Meta(ge=2, le=256)] = 256
    """What a byte is worth to the one before: 100 reads 20, 10 as 2010."""
    times: float | int = 1
    plus: float | int = 0
    form: Literal["number", "flag", "hex", "version"] = "number"
    """`flag`: whether it is not 0; `hex`: upper-case digits; `version`: numbers with dots, by `split`."""
    split: tuple[Annotated[int, Meta(ge=1, le=32)], ...] = ()
    """Bits of each number of a version; empty: its bytes."""
    each: Annotated[int, Meta(ge=0, le=8)] = 0
    """The bytes are a list of numbers of so many bytes each."""
    drop: tuple[int, ...] = ()
    """Numbers that the list leaves out."""
    of: str = ""
    """Take the value of this earlier field in place of bytes."""
    steps: tuple[Step, ...] = ()
    words: dict[str, Scalar] | tuple[Scalar, ...] = ()
    """What each number means, by number or from 0 on; any other, and "", means nothing known (null)."""
    when: dict[str, Scalar | Limit] = {}
    """Read it only when these earlier fields have these values."""
    optional: bool = False
    """A message may end before it."""

    def __post_init__(self) -> None:
        if self.bits is not None and not 63 >= self.bits[0] >= self.bits[1] >= 0:
            raise ValueError("bits are [highest, lowest], from 63 to 0")
        if [one.least for one in self.steps] != sorted(one.least for one in self.steps):
            raise ValueError("steps grow: order them by least")
        if self.form in ("number", "flag") and not self.each and not self.of and not 1 <= self.size <= 8:
            raise ValueError("a number has 1 to 8 bytes; is it form = hex, or a list with each?")
        if self.split and sum(self.split) != 8 * self.size:
            raise ValueError("split names the bits of all its bytes: 4, 4, 8 are two bytes")


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of tagged value (channel, type, value): `head` is followed by `size` bytes."""

    head: Annotated[tuple[Byte, ...], Meta(min_length=1)]
    size: Annotated[int, Meta(ge=0, le=255)]
    fields: tuple[Field, ...] = ()


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of message: how it is known, and what stands in it."""

    name: str
    ports: tuple[Port, ...] = ()
    """fPorts it comes on; empty: any."""
    sizes: tuple[Annotated[int, Meta(ge=0, le=255)], ...] = ()
    """Lengths it may have; empty: any that its fields fit in."""
    marks: tuple[tuple[Annotated[int, Meta(ge=0, le=254)], Byte], ...] = ()
    """Bytes that tell it from others: [offset, value]."""
    masks: tuple[tuple[Annotated[int, Meta(ge=0, le=254)], Byte, Byte], ...] = ()
    """The same for some bits of a byte: [offset, mask, value]."""
    tells: dict[Name, Scalar] = {}
    """What its kind alone tells."""
    fields: tuple[Field, ...] = ()
    items: tuple[Item, ...] = ()
    """Tagged values, in any order and number; `fields` are then read from the whole message first."""
