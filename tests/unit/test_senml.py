"""SenML packs are resolved as RFC 8428 says; the examples in its section 5 are facts tested here."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sensors.families.misread import Misread
from sensors.families.senml import resolve, statements
from sensors.families.statement import Statement
from sensors.profile_shapes import Profile
from tests.makers import NOON
from tests.makers_wires import profile

BAYS, GATE, COUNT = profile("senml-bays"), profile("senml-gate"), profile("senml-count")


def said(pack: object, of: Profile = BAYS) -> list[Statement]:
    return statements(pack if isinstance(pack, bytes) else json.dumps(pack).encode(), NOON, of)


def cause(pack: object, of: Profile = BAYS) -> str:
    with pytest.raises(Misread) as trouble:
        said(pack, of)
    return trouble.value.cause


def test_base_fields_reach_the_records_behind_them() -> None:
    pack = [
        {"bn": "urn:dev:ow:10e2073a0108006:", "bt": 1.276020076001e9, "bu": "A", "bver": 5, "n": "voltage", "u": "V",
         "v": 120.1},
        {"n": "current", "t": -5, "v": 1.2},
        {"n": "current", "t": -4, "v": 1.3},
    ]  # fmt: skip
    told = list(resolve(pack, NOON))
    assert [(one.name, one.unit, one.value) for one in told] == [
        ("urn:dev:ow:10e2073a0108006:voltage", "V", 120.1),
        ("urn:dev:ow:10e2073a0108006:current", "A", 1.2),
        ("urn:dev:ow:10e2073a0108006:current", "A", 1.3),
    ]
    assert told[0].at - told[1].at == timedelta(seconds=5)
    assert told[0].at == datetime.fromtimestamp(1276020076.001, UTC)


def test_a_base_value_is_added_and_a_later_base_replaces_the_former() -> None:
    pack = [{"bn": "a:", "bv": 10}, {"n": "x", "v": 1}, {"bn": "b:", "bv": 0, "n": "x", "v": 1}]
    assert [(one.name, one.value) for one in resolve(pack, NOON)] == [("a:x", 11), ("b:x", 1)]


@pytest.mark.parametrize(("t", "at"), [(0, 0), (-30, -30), (2**28 - 1, 2**28 - 1)])
def test_a_small_time_is_relative_to_when_the_pack_came(t: float, at: float) -> None:
    (one,) = resolve([{"n": "x", "v": 1, "t": t}], NOON)
    assert one.at == NOON + timedelta(seconds=at)


def test_each_bay_of_a_pack_is_a_statement_of_its_own() -> None:
    pack = [
        {"bn": "urn:dev:mac:0024befffe804ff1:", "bt": 1778644790, "n": "bays/017", "vb": True},
        {"n": "bays/018", "vb": False, "t": 3},
        {"n": "temperature", "u": "Cel", "v": 21.5},
    ]
    one, other = said(pack)
    assert (one.bay, one.values, other.bay, other.values) == ("017", {"taken": True}, "018", {"taken": False})
    assert other.at - one.at == timedelta(seconds=3)
    assert one.seq != other.seq
    assert said(pack) == said(pack)


def test_values_of_one_time_belong_together() -> None:
    pack = [
        {"bt": 1778644790, "n": "gate-1/entered", "u": "count", "v": 611},
        {"n": "gate-1/left", "u": "count", "v": 402},
    ]
    (one,) = said(pack, GATE)
    assert one.values == {"entered": 611, "left": 402}


def test_a_count_and_a_share_are_told_apart_by_their_units() -> None:
    assert said([{"n": "taken", "u": "count", "v": 40}], COUNT)[0].values == {"taken": 40}
    assert said([{"n": "fill", "u": "/", "v": 0.25}], COUNT)[0].values == {"fill": 0.25}
    assert cause([{"n": "taken", "u": "/", "v": 0.25}], COUNT) == "name"


@pytest.mark.parametrize(
    ("pack", "why"),
    [
        (b"\xff", "utf8"),
        (b"[", "json"),
        (b'[{"a":' + b"[" * 100_000, "nesting"),
        ({"n": "x"}, "field"),
        ([], "shape"),
        ([{}] * 3_000, "shape"),
        ([{"n": "bays/1"}], "name"),
        ([{"n": "other", "v": 1}], "name"),
        ([{"n": "bays/1", "vb": 1}], "field"),
        ([{"n": "bays/1", "v": "1"}], "field"),
        ([{"n": "bays/1", "v": True}], "field"),
        ([{"n": "bays/1", "v": 1, "vb": True}], "field"),
        ([{"n": 7, "v": 1}], "field"),
        ([{"n": "bays/\u0000", "vb": True}], "field"),
        ([{"n": "", "vb": True}], "field"),
        ([{"n": "bays/1", "vb": True, "later_": 1}], "field"),
        ([{"bver": 11, "n": "bays/1", "vb": True}], "version"),
        ([{"n": "bays/1", "vb": True, "t": 1e300}], "field"),
        ([{"n": "bays/1", "vb": True, "t": -1e300}], "field"),
    ],
)
def test_a_pack_that_is_none_is_refused_with_its_cause(pack: object, why: str) -> None:
    assert cause(pack) == why
