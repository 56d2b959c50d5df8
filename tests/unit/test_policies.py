"""What signs say under each policy, and that plain counts are what the hardware said."""

from datetime import UTC, datetime

import pytest

from parking.cli_sim_engine import EnginePolicy
from parking.domain.guidance import State
from sensors.native import Native, Packet
from sim.plain import PlainCounts
from sim.policies import RENEW_S, Counting, Oracle, Order, Policy, Silence, Writer, total
from sim.street import Street
from sim.translate import inputs_of
from sim.wire import Message, reading_message, stamp
from tests.unit.staged import fill_up
from tests.unit.test_street import a_street, the_town
from tests.unit.test_street_hardware import the_run

NOW = 1777690800
LOTS = [str(lot.id) for lot in the_town().lots]
P15 = LOTS.index("P15")
CAPACITY = the_town().lots[P15].capacity


def said(kind: str, lot: str = "P15", device: str = "d", **fields: object) -> Message:
    return reading_message(device, [{"kind": kind, "device": device, "boot": 1, "seq": 1, "lot": lot, **fields}])


def count(taken: int, lot: str = "P15") -> Message:
    return said("count", lot, taken=taken, source="barrier_system")


def gate(entered: int, left: int) -> Message:
    return said("gate", entered=entered, left=left)


def told(orders: object, lot: str = "P15") -> set[str]:
    """What panels that stand for that lot alone are told."""
    assert isinstance(orders, list | tuple)
    by_sign = {one.sign: one for one in orders}
    return {
        by_sign[sign.id].show.texts[nth]
        for sign in the_town().signs
        if sign.id in by_sign
        for nth, panel in enumerate(sign.panels)
        if panel.lots == (lot,)
    }


def after(policy: Policy, taken: int, at: int = NOW) -> set[str]:
    policy.hear([count(taken)], at)
    return told(policy.decide(a_silent_street(), at))


def a_silent_street() -> Street:
    return the_run()[0]


def test_silence_tells_signs_nothing() -> None:
    silence = Silence()
    silence.hear([count(3)], NOW)
    assert not silence.decide(a_silent_street(), NOW)
    assert not silence.believes()


def test_a_counting_sign_spells_the_count_down_to_the_last_bay() -> None:
    counting = Counting(the_town())
    assert after(counting, CAPACITY - 1) == {"1"}
    assert after(counting, CAPACITY, NOW + 5) == {"满"}
    assert after(counting, CAPACITY - 1, NOW + 10) == {"1"}


def test_a_margin_says_full_below_three_percent_and_a_number_again_above_six() -> None:
    margin = Counting(the_town(), 0.03, 0.06)
    three, six = round(CAPACITY * 0.03), round(CAPACITY * 0.06)
    frees = [three + 2, three - 1, three + 2, six - 1, six + 2, three + 2]
    shown = [after(margin, CAPACITY - free, NOW + 5 * nth) for nth, free in enumerate(frees)]
    assert shown == [{str(three + 2)}, {"满"}, set(), set(), {str(six + 2)}, {str(three + 2)}]


def test_a_lot_nobody_has_counted_is_no_number() -> None:
    assert told(Counting(the_town()).decide(a_silent_street(), NOW)) == {"--"}


def test_an_area_is_the_sum_of_its_lots_and_full_when_all_are() -> None:
    assert total([12, State.FULL, 3]) == 15
    assert total([State.FULL, State.CLOSED]) is State.FULL
    assert total([State.CLOSED, State.CLOSED]) is State.CLOSED
    assert total([State.UNKNOWN, State.FULL]) is State.UNKNOWN


def test_a_shared_lot_is_closed_outside_its_hours_whatever_is_counted() -> None:
    counting = Counting(the_town())
    counting.hear([count(0, "P04")], NOW)
    midnight = int(datetime(2026, 5, 12, 16, tzinfo=UTC).timestamp())
    noon = midnight + 12 * 3600
    lot = the_town().lots[LOTS.index("P04")]
    assert lot.hours is not None
    assert lot.hours.is_open(the_town().calendar.local(datetime.fromtimestamp(midnight, UTC)).time()) is False
    assert told(counting.decide(a_silent_street(), midnight), "P04") == {"关闭"}
    assert counting.decide(a_silent_street(), noon)


def test_an_order_is_renewed_before_it_ends_and_not_before_it_must() -> None:
    writer = Writer(the_town())
    sequences = [[one.show.sequence for one in writer.write({"G07": [7, State.FULL]}, NOW + s)] for s in (0, 5, 55, 60)]
    assert sequences == [[1], [], [], [2]]
    assert all(order.show.until - order.show.at > RENEW_S for order in writer.write({"G07": [8, 8]}, NOW + 65))


def test_plain_counts_take_gates_from_the_newest_count_on() -> None:
    counts = PlainCounts(the_town())
    counts.hear([gate(10, 4)])
    assert counts.taken[P15] is None
    counts.hear([count(100), gate(13, 4), gate(13, 5)])
    assert counts.taken[P15] == 102
    counts.hear([count(90)])
    assert counts.taken[P15] == 90


def test_plain_counts_believe_what_is_wrong() -> None:
    counts = PlainCounts(the_town())
    counts.hear([count(100), gate(0, 0), gate(0, 40)])
    assert counts.taken[P15] == 60


def test_plain_counts_of_faultless_hardware_are_nearly_the_truth() -> None:
    street, _, messages = the_run()
    counts = PlainCounts(the_town())
    counts.hear(messages)
    for taken, park in zip(counts.taken, street.carparks, strict=True):
        assert taken is not None
        assert abs(taken - park.taken) <= 4 + 0.1 * park.capacity


def test_the_translation_is_what_the_services_decoder_reads() -> None:
    town, messages = the_town(), the_run()[2]
    heard_at = datetime.fromtimestamp(the_run()[0].now, UTC)
    native = Native("root", town.devices, [sign.id for sign in town.signs])
    heard = native.decode(Packet(f"root/{one.topic}", one.encode(), heard_at, False) for one in messages)
    readings, shown = inputs_of(messages, heard_at)
    assert readings == heard.readings
    assert shown == heard.shown
    assert len(shown) > 10


@pytest.fixture
def oracle() -> Oracle:
    return Oracle(the_town())


def words(orders: object) -> dict[tuple[str, int], tuple[str, State]]:
    assert isinstance(orders, list)
    return {
        (order.sign, nth): (order.show.texts[nth], order.words[nth])
        for order in orders
        if isinstance(order, Order)
        for nth in range(len(order.words))
    }


def test_the_oracle_never_names_a_lot_that_will_have_no_bay_left(oracle: Oracle) -> None:
    street = a_street()
    street.advance(street.now + 3600)
    park = street.carparks[P15]
    free = park.capacity - park.taken
    at = int(street.now)
    spelt = {int(text) for text in told(oracle.decide(street, at)) if text.isdecimal()}
    assert all(number <= free + park.leaving_by(at + 3600) - 0.04 * park.capacity for number in spelt)
    fill_up(street, P15, leaving_at=at + 86_400)
    assert told(Oracle(the_town()).decide(street, at)) == {"满"}


def test_the_oracle_tells_readers_who_arrive_later_of_cars_that_leave_before(oracle: Oracle) -> None:
    street = a_street()
    at = int(street.now)
    panels = [
        ((str(sign.id), nth), panel.travel_s)
        for sign in the_town().signs
        for nth, panel in enumerate(sign.panels)
        if panel.lots == ("P15",)
    ]
    soonest, latest = min(s for _, s in panels), max(s for _, s in panels)
    assert soonest < latest
    fill_up(street, P15, leaving_at=at + latest - 1)
    said_now = words(oracle.decide(street, at))
    for panel, travel_s in panels:
        assert (said_now[panel][1] is State.FREE) == (travel_s == latest)


def test_only_cars_that_no_sign_can_turn_aside_are_counted_as_coming() -> None:
    deaf, heeding = a_street(compliance=0.0), a_street(compliance=1.0)
    for street in (deaf, heeding):
        street.advance(street.now + 600)
    far = deaf.now + 3600
    assert deaf.coming(P15, far) > deaf.coming(P15, deaf.now + 30)
    assert heeding.coming(P15, far) == 0
    for nth, sign in enumerate(heeding.town.signs):
        heeding.lamps[nth] = tuple("90" for _ in sign.panels)
    heeding.advance(heeding.now + 600)
    assert heeding.coming(P15, far + 600) > 0


def test_a_time_nobody_can_believe_is_not_read() -> None:
    now = datetime.fromtimestamp(NOW, UTC)
    wrong = {"ahead": NOW + 301, "long ago": NOW - 32 * 86_400, "right": NOW - 60}
    messages = [said("gate", device=name, at=stamp(at), entered=1, left=0) for name, at in wrong.items()]
    assert [one.device for one in inputs_of(messages, now)[0]] == ["right"]


def test_what_is_said_twice_reaches_the_engine_once() -> None:
    once, twice = EnginePolicy(the_town()), EnginePolicy(the_town())
    begins = int(the_run()[0].now)
    for nth, message in enumerate(the_run()[2][:200]):
        once.hear([message], begins + nth)
        twice.hear([message, message], begins + nth)
    assert once._engine.save() == twice._engine.save()
