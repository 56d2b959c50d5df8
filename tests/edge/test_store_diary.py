"""The diary: every start of a program, and every change by a person with the change itself."""

from datetime import UTC, datetime, timedelta

from parking.codec import encode
from parking.diary import RunStart
from parking.domain.ids import AlertId, SignId
from parking.domain.inputs import Acknowledge, Override, OverrideMode
from parking.domain.settings import Settings
from parking.ports import Stores

NOON = datetime(2026, 5, 2, 4, tzinfo=UTC)


def a_start(hour: int = 0) -> RunStart:
    at = NOON + timedelta(hours=hour)
    return RunStart("live", "live", "0.1.0", at, 1.0, at, encode(Settings()))


async def test_a_start_without_an_end_was_killed(kept_in: Stores) -> None:
    await kept_in.diary.begin(a_start())
    await kept_in.diary.begin(a_start())
    await kept_in.diary.begin(a_start(1))
    await kept_in.diary.end(a_start(1), NOON + timedelta(hours=2))
    assert list(await kept_in.diary.list_runs()) == [(a_start(1), NOON + timedelta(hours=2)), (a_start(), None)]


async def test_whatever_a_person_changes_is_audited_with_the_change(kept_in: Stores) -> None:
    override = Override(SignId("G07"), OverrideMode.BLANK, (), "值班员", "屏闪", NOON, NOON + timedelta(hours=1))
    seen = Acknowledge(AlertId("A-1"), "交警", NOON + timedelta(seconds=5))
    assert await kept_in.intake.keep(others=[Settings(version=2), override]) is not None
    assert await kept_in.intake.keep(others=[seen]) is not None
    newest, before = await kept_in.diary.list_audited()
    assert (newest.actor, newest.action, newest.subject) == ("交警", "acknowledge", "A-1")
    assert (before.actor, before.action, before.subject, before.at) == ("值班员", "override", "G07", NOON)
    assert before.detail == encode(override)
