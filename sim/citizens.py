"""Citizens who call the hotline: of what they see, often of the same thing, now and then of nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from parking.domain.alert import AlertKind
from parking.domain.town import Town
from sim.people_eyes import Eyes, Scene
from sim.people_habits import Habits
from sim.people_said import Call
from sim.scenario import IncidentKind
from sim.streams import Purpose, stream

MINUTE_S: Final = 60
DAY_MIN: Final = 24 * 60

WORDS: Final = {
    AlertKind.JAM: "路上堵死了 · the road is jammed",
    AlertKind.LOT_QUEUE: "停车场门口排队排到马路上 · the queue stands on the road",
    AlertKind.ILLEGAL_PARKING: "有车乱停，过不去 · parked cars block the way",
    AlertKind.ROAD_CLOSED: "路断了 · the road is cut",
}
CRASH_WORDS: Final = "两车相撞，占了车道 · two cars have crashed"


class Citizens:
    """Everybody with a telephone."""

    def __init__(self, town: Town, seed: int, habits: Habits) -> None:
        self._town, self._seed, self._habits = town, seed, habits

    def call(self, scene: Scene, eyes: Eyes, at: int) -> Iterator[Call]:
        """Who calls in the minute that ends now."""
        opens, closes = self._habits.awake
        if not opens <= self._town.calendar.local(datetime.fromtimestamp(at, UTC)).time() < closes:
            return
        chance = stream(self._seed, Purpose.PEOPLE, "citizens", at // MINUTE_S)
        draws = chance.random(2 * len(self._town.sections) + len(self._town.lots) + 2)
        for nth, section in enumerate(self._town.sections):
            name = str(section.id)
            kinds = eyes.standing(scene, name)
            # Of a crash people call at once; of a jam behind it they call as of any other.
            rate = self._habits.crash_calls_per_min if IncidentKind.CRASH in kinds else 0.0
            if draws[2 * nth] < rate:
                yield Call(AlertKind.JAM, name, CRASH_WORDS)
            yield from self._see(scene, eyes, name, float(draws[2 * nth + 1]), at)
        for nth, lot in enumerate(self._town.lots, start=2 * len(self._town.sections)):
            rate = self._habits.calls_per_min[AlertKind.LOT_QUEUE]
            if draws[nth] < rate and eyes.sees(scene, AlertKind.LOT_QUEUE, str(lot.id), at):
                yield Call(AlertKind.LOT_QUEUE, str(lot.id), WORDS[AlertKind.LOT_QUEUE])
        if draws[-1] < self._habits.wrong_calls_per_day / DAY_MIN:
            where = self._town.sections[int(draws[-2] * len(self._town.sections))]
            yield Call(AlertKind.ILLEGAL_PARKING, str(where.id), WORDS[AlertKind.ILLEGAL_PARKING])

    def _see(self, scene: Scene, eyes: Eyes, section: str, draw: float, at: int) -> Iterator[Call]:
        """The first of the things that are wrong on that section of which somebody calls now."""
        least = 0.0
        for kind in (AlertKind.ROAD_CLOSED, AlertKind.ILLEGAL_PARKING, AlertKind.JAM):
            rate = self._habits.calls_per_min[kind]
            if eyes.sees(scene, kind, section, at):
                if least <= draw < least + rate:
                    yield Call(kind, section, WORDS[kind])
                    return
                least += rate
