"""Hardware says what the wire's page says, and only what it can see."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from parking.domain.reading import GateReading, StatusReading
from sensors.native import Native, Packet
from sim.board import Board
from sim.fitting import fit_out
from sim.hardware import Hardware, Mouth
from sim.shipped import load_scenario
from sim.street import Street, make_street
from sim.wire import Message, seconds_of, show_of, stamp
from tests.unit.test_street import the_town
from tests.unit.test_wire_page import examples

MINUTES = 12


def a_run(seed: int = 1, minutes: int = MINUTES) -> tuple[Street, Hardware, list[Message]]:
    scenario = load_scenario("demo")
    street = make_street(the_town(), scenario, seed, scenario.begins)
    begins = int(street.now)
    hardware = fit_out(the_town(), street, seed, boot=begins, speed=1.0)
    said = []
    for second in range(begins + 1, begins + 60 * minutes + 1):
        street.advance(second)
        said += hardware.observe(street, second)
    return street, hardware, said


@cache
def the_run() -> tuple[Street, Hardware, list[Message]]:
    return a_run()


def fingerprint(messages: list[Message]) -> str:
    return sha256(b"\n".join(one.topic.encode() + one.encode() for one in messages)).hexdigest()


def objects(message: Message) -> list[dict[str, Any]]:
    payload = json.loads(message.encode())
    return payload if isinstance(payload, list) else [payload]


def test_the_same_seed_gives_the_same_readings() -> None:
    assert fingerprint(a_run(minutes=4)[2]) == fingerprint(a_run(minutes=4)[2]) != fingerprint(a_run(2, 4)[2])


def test_every_message_has_the_fields_and_types_of_the_pages_examples() -> None:
    models: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind in ("reading", "status", "shown"):
        for text in examples(kind):
            shown = json.loads(text)
            for one in shown if isinstance(shown, list) else [shown]:
                models[one.get("kind", kind)].append(one)
    for message in the_run()[2]:
        for one in objects(message):
            known = models[one.get("kind", message.topic.rsplit("/", 1)[1])]
            assert any(fits(one, model) for model in known), one


def fits(one: dict[str, Any], model: dict[str, Any]) -> bool:
    """No field the example lacks, and each of its type; a whole number may stand where the example has a fraction."""
    return all(name in model and type_of(value) <= type_of(model[name]) for name, value in one.items())


def type_of(value: object) -> frozenset[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return frozenset({type(value).__name__})
    return frozenset({"number"})


def test_the_service_understands_every_message() -> None:
    town, said = the_town(), the_run()[2]
    native = Native("root", town.devices, [sign.id for sign in town.signs])
    heard_at = datetime.fromtimestamp(the_run()[0].now, UTC)
    heard = native.decode(Packet(f"root/{one.topic}", one.encode(), heard_at, False) for one in said)
    assert heard.doubts == []
    assert len(heard.readings) == sum(len(objects(one)) for one in said if one.topic.startswith("devices/"))
    assert {type(one).__name__ for one in heard.readings} == {
        "GateReading", "BayReading", "CountReading", "TrafficReading", "QueueReading", "StatusReading",
    }  # fmt: skip


def test_each_device_counts_its_messages_without_a_gap() -> None:
    numbers: dict[str, list[int]] = defaultdict(list)
    for message in the_run()[2]:
        if message.topic.startswith("devices/"):
            numbers[message.device] += [one["seq"] for one in objects(message)]
    assert len(numbers) == len(the_town().devices)
    assert all(seen == list(range(1, len(seen) + 1)) for seen in numbers.values())


def test_gate_totals_are_the_cars_that_really_passed() -> None:
    street, _, said = the_run()
    last = {one["lot"]: one for message in said for one in objects(message) if one.get("kind") == "gate"}
    park = next(park for park in street.carparks if park.lot.id == "P15")
    begins = make_street(the_town(), load_scenario("demo"), 1, load_scenario("demo").begins)
    before = next(one for one in begins.carparks if one.lot.id == "P15")
    assert 0 <= park.entered - before.entered - last["P15"]["entered"] <= 6
    assert last["P15"]["entered"] > 20


def test_a_silent_lot_still_gives_proof_of_life() -> None:
    spoke: dict[str, list[float]] = defaultdict(list)
    for message in the_run()[2]:
        spoke[message.device].append(seconds_of(objects(message)[0]["at"]))
    gaps = [b - a for times in spoke.values() for a, b in pairwise(times)]
    assert max(gaps) <= 60


def test_the_town_speaks_little_enough_for_sixty_times_its_speed() -> None:
    assert len(the_run()[2]) / (60 * MINUTES) * 60 < 300


def test_times_are_rfc_3339_with_zone() -> None:
    assert stamp(1777686600.25) == "2026-05-02T01:50:00.250Z"
    assert stamp(1777686600) == "2026-05-02T01:50:00Z"
    assert seconds_of("2026-05-02T09:50:00+08:00") == 1777686600
    with pytest.raises(ValueError, match="no zone"):
        seconds_of("2026-05-02T09:50:00")


def test_the_pages_orders_are_understood() -> None:
    orders = [show_of(text.encode()) for text in examples("show")]
    assert [one.texts for one in orders if one] == [("51", "满"), ("--", "--")]


def test_bay_sensors_and_gates_are_separate_readings_of_the_same_truth() -> None:
    street, _, said = the_run()
    bays: dict[str, bool] = {}
    for message in said:
        bays |= {one["bay"]: one["taken"] for one in objects(message) if one.get("lot") == "P02"}
    park = next(park for park in street.carparks if park.lot.id == "P02")
    assert sum(bays.values()) == park.taken
    assert GateReading is not StatusReading


NOW = 1777686600


def a_board(speed: float = 1.0) -> tuple[Board, Street]:
    street = the_run()[0]
    return Board(Mouth("G07", 60, 1), [sign.id for sign in street.town.signs].index("G07"), 2, speed), street


def an_order(epoch: int = 4, sequence: int = 1, texts: tuple[str, str] = ("51", "满"), **changes: object) -> bytes:
    rows = [{"line": nth, "state": "free", "free": None, "text": text} for nth, text in enumerate(texts, 1)]
    fields = {"epoch": epoch, "sequence": sequence, "at": stamp(NOW), "until": stamp(NOW + 180), "valid_s": 180.0}
    return json.dumps({"sign": "G07", **fields, "rows": rows, **changes}).encode()


def shown(board: Board, street: Street, at: int) -> list[dict[str, Any]]:
    return [objects(one)[0] for one in board.observe(street, at) if one.topic.endswith("/shown")]


def test_a_sign_confirms_an_order_within_two_seconds_and_drivers_can_read_it() -> None:
    board, street = a_board()
    board.take(an_order(), NOW)
    confirmed = shown(board, street, NOW + 1)
    assert [(one["epoch"], one["sequence"], one["rows"]) for one in confirmed] == [(4, 1, ["51", "满"])]
    assert street.lamps[6] == ("51", "满")


def test_a_sign_falls_neutral_by_itself_when_its_order_ends() -> None:
    board, street = a_board()
    board.take(an_order(), NOW)
    board.observe(street, NOW + 1)
    board.observe(street, NOW + 179)
    assert street.lamps[6] == ("51", "满")
    assert [one["rows"] for one in shown(board, street, NOW + 180)] == [["--", "--"]]
    assert street.lamps[6] == ("--", "--")


def test_a_signs_own_stopwatch_ends_an_order_whose_until_lies_far_away() -> None:
    board, street = a_board(speed=20.0)
    board.take(an_order(until=stamp(NOW + 7200), valid_s=3.0), NOW)
    board.observe(street, NOW + 1)
    board.observe(street, NOW + 59)
    assert street.lamps[6] == ("51", "满")
    board.observe(street, NOW + 60)
    assert street.lamps[6] == ("--", "--")


def test_a_sign_obeys_the_newer_epoch_then_the_newer_sequence() -> None:
    board, street = a_board()
    for order in (an_order(4, 9, ("9", "9")), an_order(4, 8, ("8", "8")), an_order(3, 99, ("3", "3"))):
        board.take(order, NOW)
    board.observe(street, NOW + 1)
    assert street.lamps[6] == ("9", "9")
    assert board.refused == 2
    board.take(an_order(5, 1, ("5", "5")), NOW + 1)
    board.observe(street, NOW + 2)
    assert street.lamps[6] == ("5", "5")


def test_an_order_that_has_ended_already_makes_a_sign_neutral_at_once() -> None:
    board, street = a_board()
    board.take(an_order(), NOW)
    board.observe(street, NOW + 1)
    board.take(an_order(sequence=2, until=stamp(NOW)), NOW + 5)
    assert [one["sequence"] for one in shown(board, street, NOW + 6)] == [2]
    assert street.lamps[6] == ("--", "--")


@pytest.mark.parametrize("rubbish", [b"{", b"[]", b"null", b'{"rows": 3}', an_order(texts=("1", "2"))[:-9], b"\xff"])
def test_a_sign_does_not_stumble_over_rubbish(rubbish: bytes) -> None:
    board, street = a_board()
    board.take(an_order(), NOW)
    board.take(rubbish, NOW)
    board.take(b"", NOW)
    board.observe(street, NOW + 1)
    assert board.refused == 1
    assert street.lamps[6] == ("51", "满")


def test_a_sign_says_again_each_minute_what_it_shows() -> None:
    board, street = a_board()
    board.take(an_order(until=stamp(NOW + 900), valid_s=900), NOW)
    times = [at for at in range(NOW + 1, NOW + 200) for _ in shown(board, street, at)]
    assert times == [NOW + 1, NOW + 61, NOW + 121, NOW + 181]
