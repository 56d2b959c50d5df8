"""What a device profile says, as types. Strict: an unknown word in a profile file is an error, not a comment."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from parking.domain.reading import CountSource
from sensors.layout_shapes import Message, Name


class Family(StrEnum):
    """How a device's messages are wrapped."""

    LORAWAN = "lorawan"
    """Uplinks of ChirpStack v4 or The Things Stack v3."""
    SENML = "senml"
    FRIGATE = "frigate"
    CAMERA = "camera"
    """JSON events of Axis and ONVIF cameras."""
    LOT_MESSAGE = "lot-message"
    """JSON of a lot's own system."""


class Kind(StrEnum):
    """What its readings are."""

    BAY = "bay"
    COUNTER = "counter"
    GATE = "gate"
    COUNT = "count"
    VIOLATION = "violation"


class Meaning(Struct, frozen=True, forbid_unknown_fields=True):
    """Which values mean what. All texts are names of values."""

    taken: Name | Literal[""] = ""
    distance_mm: Name | Literal[""] = ""
    taken_below_mm: Annotated[float, Meta(ge=0)] = 0
    """Used where the registry gives none."""
    free_above_mm: Annotated[float, Meta(ge=0)] = 0
    ways: dict[str, Name] = {}
    """Counted directions by the name that the registry uses."""
    wraps_at: Annotated[int, Meta(ge=0)] = 0
    """Of a counter: after `wraps_at - 1` comes 0; 0: each message counts its own interval."""
    count: Name | Literal[""] = ""
    free: Name | Literal[""] = ""
    """Free bays; with `total`, or the registry's capacity, the rest is taken."""
    total: Name | Literal[""] = ""
    share: Name | Literal[""] = ""
    """Share of the registry's capacity that is taken, 0 to 1."""
    source: CountSource = CountSource.BARRIER_SYSTEM
    entered: Name | Literal[""] = ""
    left: Name | Literal[""] = ""
    image_ref: Name | Literal[""] = ""
    dwell_s: Name | Literal[""] = ""
    battery: Name | Literal[""] = ""
    battery_empty: float = 0
    """What the battery's value is when it is used up, and full."""
    battery_full: float = 100
    firmware: Name | Literal[""] = ""

    def __post_init__(self) -> None:
        if self.battery_empty == self.battery_full:
            raise ValueError("battery_empty and battery_full are the same")


class Paths(Struct, frozen=True, forbid_unknown_fields=True):
    """Where values stand in a JSON message: names with dots between; lists of ONVIF's `SimpleItem` are looked into."""

    values: dict[Name, str]
    items: str = ""
    """A list of things; a path is then looked up in the item first, in the whole message next."""
    key: str = ""
    id: str = ""
    time: str = ""
    time_form: Literal["rfc3339", "epoch_s", "epoch_ms", "local"] = "rfc3339"
    utc_offset_h: Annotated[float, Meta(ge=-14, le=14)] = 8
    """Of a local time without zone (yyyy-MM-dd HH:mm:ss)."""


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A SenML record by the end of its name, `{bay}` standing for a bay's, and by its unit."""

    name: Annotated[str, Meta(min_length=1)]
    gives: Name
    unit: str = ""
    """Any, when empty."""


class Watch(Struct, frozen=True, forbid_unknown_fields=True):
    """Which tracked objects are an illegally parked car."""

    labels: tuple[str, ...]
    least_dwell_s: Annotated[float, Meta(ge=0)]


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """One device model, and codec version where that matters."""

    title: str
    title_en: str
    family: Family
    kind: Kind
    codec: str
    """Version of the vendor's format that this file was written for."""
    facts: str
    """Where the format is described."""
    period_s: Annotated[float, Meta(gt=0, le=86_400)]
    """It says something at least so often, as it comes from the vendor."""
    reads: Literal["bytes", "object"] = "bytes"
    """LoRaWAN: our own reading of the bytes, or what the network server's codec has made of them."""
    meaning: Meaning = Meaning()
    message: tuple[Message, ...] = ()
    paths: Paths | None = None
    record: tuple[Record, ...] = ()
    watch: Watch | None = None
    name: str = ""
    """The file's name without its ending."""

    def __post_init__(self) -> None:
        needs = {
            Family.LORAWAN: self.reads == "object" or bool(self.message),
            Family.SENML: bool(self.record),
            Family.FRIGATE: self.kind is not Kind.VIOLATION or self.watch is not None,
            Family.CAMERA: self.paths is not None,
            Family.LOT_MESSAGE: self.paths is not None,
        }
        if not needs[self.family]:
            raise ValueError(f"the family {self.family} needs {NEEDED[self.family]}")


NEEDED = {
    Family.LORAWAN: "[[message]] tables, or reads = object",
    Family.SENML: "[[record]] tables",
    Family.FRIGATE: "a [watch] table for violations",
    Family.CAMERA: "a [paths] table",
    Family.LOT_MESSAGE: "a [paths] table",
}
