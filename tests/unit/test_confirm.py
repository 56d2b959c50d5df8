"""Told and shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from parking.codec import encode
from parking.domain.guidance import NoProof
from parking.domain.settings import AlertSettings
from parking.pack import pack, unpack
from signage.confirm import Confirmation
from tests.makers import a_guidance, a_shown, a_sign, at


def a_confirmation() -> Confirmation:
    return Confirmation([a_sign("G01"), a_sign("G02")], AlertSettings())


def test_a_sign_that_shows_what_it_was_told_owes_nothing() -> None:
    proof = a_confirmation()
    proof.wanted(a_guidance(12))
    proof.take(a_shown("12", when=at(1)))
    assert proof.unconfirmed(at(1000)) == ()


def test_a_sign_that_never_answers_is_missed_after_a_minute() -> None:
    proof = a_confirmation()
    proof.wanted(a_guidance(12))
    assert proof.unconfirmed(at(60)) == ()
    (missing,) = proof.unconfirmed(at(61))
    assert (missing.sign, missing.since, missing.reason) == ("G01", at(0), NoProof.NO_ANSWER)


def test_a_stuck_sign_is_found_even_when_its_number_changes_on_every_tick() -> None:
    proof = a_confirmation()
    for tick in range(1, 300):
        proof.wanted(a_guidance(99 - tick % 50, sequence=tick, when=at(5 * tick)))
        proof.take(a_shown("100", sequence=tick, when=at(5 * tick + 1)))
    (missing,) = proof.unconfirmed(at(1500))
    assert (missing.since, missing.reason) == (at(5), NoProof.DIFFERENT)


def test_a_slow_sign_is_held_against_the_guidance_it_answers() -> None:
    proof = a_confirmation()
    for tick in range(1, 300):
        proof.wanted(a_guidance(tick, sequence=tick, when=at(5 * tick)))
        if tick > 4:
            proof.take(a_shown(str(tick - 4), sequence=tick - 4, when=at(5 * tick + 1)))
        assert proof.unconfirmed(at(5 * tick + 2)) == ()


def test_a_sign_that_turns_to_something_else_is_found() -> None:
    proof = a_confirmation()
    proof.wanted(a_guidance(12))
    proof.take(a_shown("12", when=at(1)))
    proof.take(a_shown("88", when=at(30)))
    (missing,) = proof.unconfirmed(at(91))
    assert (missing.since, missing.reason) == (at(30), NoProof.DIFFERENT)


def test_broken_lamps_are_no_proof() -> None:
    proof = a_confirmation()
    proof.wanted(a_guidance(12))
    proof.take(a_shown("12", errors=("pixel",)))
    assert [one.reason for one in proof.unconfirmed(at(61))] == [NoProof.ERRORS]


def test_a_sign_that_recovers_owes_nothing_any_more() -> None:
    proof = a_confirmation()
    proof.wanted(a_guidance(12))
    assert proof.unconfirmed(at(120))
    proof.take(a_shown("12", when=at(121)))
    assert proof.unconfirmed(at(500)) == ()


def test_a_late_copy_of_an_old_answer_says_nothing() -> None:
    proof = a_confirmation()
    proof.wanted(a_guidance(12))
    proof.take(a_shown("12"))
    proof.wanted(a_guidance(11, sequence=2, when=at(5)))
    proof.take(a_shown("11", sequence=2, when=at(6)))
    proof.take(a_shown("12", sequence=1, when=at(7)))
    assert proof.unconfirmed(at(500)) == ()


def test_a_sign_nobody_knows_is_passed_over() -> None:
    proof = a_confirmation()
    proof.take(a_shown("12", sign="G99"))
    proof.wanted(a_guidance(12, sign="G99"))
    assert proof.unconfirmed(at(500)) == ()


events = st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 2)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(events=events, cut=st.integers(0, 30))
def test_a_restart_in_the_middle_forgets_no_debt(events: list[tuple[bool, int, int]], cut: int) -> None:
    def live(proof: Confirmation, first: int, last: int) -> list[bytes]:
        said = []
        for tick, (asks, number, back) in list(enumerate(events, 1))[first:last]:
            if asks:
                proof.wanted(a_guidance(number, sequence=tick, when=at(25 * tick)))
            else:
                proof.take(a_shown(str(number), sequence=max(1, tick - back), when=at(25 * tick)))
            said.append(encode(proof.unconfirmed(at(25 * tick + 1))))
        return said

    one, other = a_confirmation(), a_confirmation()
    live(one, 0, cut)
    other.load(unpack(pack(one.save())))
    assert live(one, cut, 99) == live(other, cut, 99)
