"""The past of signs, roads and alerts: what changed, kept with the tick that decided it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from parking.codec import digest
from parking.domain.alert import AlertState
from parking.domain.decisions import Decisions
from parking.domain.ids import SectionId
from parking.domain.roadstate import RoadLevel, RoadState
from parking.domain.tick import Tick
from parking.ports import Stores
from tests.makers import a_guidance
from tests.makers_cases import an_alert

NOON = datetime(2026, 5, 13, 4, tzinfo=UTC)
LONG = NOON - timedelta(days=1), NOON + timedelta(days=1)


async def test_what_changed_can_be_read_again_in_its_order(kept_in: Stores) -> None:
    first = replace(a_guidance(when=NOON), changed=True)
    quiet = replace(a_guidance(sequence=2, when=NOON), at=NOON + timedelta(seconds=5), changed=False)
    roads = [
        RoadState(SectionId("R1"), NOON + timedelta(seconds=5 * n), level, 12.0, 300.0, NOON, NOON)
        for n, level in enumerate((RoadLevel.LIGHT, RoadLevel.SEVERE))
    ]
    raised = an_alert()
    cleared = replace(raised, version=2, state=AlertState.CLEARED, cleared_at=NOON + timedelta(minutes=9))
    ticks = (
        Decisions(NOON, roads=(roads[0],), guidance=(first,), alerts=(raised,)),
        Decisions(NOON + timedelta(seconds=5), roads=(roads[1],), guidance=(quiet,), alerts=(cleared,)),
    )
    for decisions in ticks:
        await kept_in.ledger.commit(Tick(decisions.at, 0, decisions, digest(decisions)))
    assert list(await kept_in.pasts.guidance_of(first.sign, *LONG)) == [first]
    assert list(await kept_in.pasts.road_changes(SectionId("R1"), *LONG)) == roads
    assert list(await kept_in.pasts.road_changes(SectionId("R1"), NOON, NOON + timedelta(seconds=5))) == roads[:1]
    assert list(await kept_in.pasts.alert_versions(raised.id)) == [raised, cleared]
    assert list(await kept_in.pasts.road_changes(SectionId("R2"), *LONG)) == []
