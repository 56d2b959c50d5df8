"""监督员: they verify before a case is filed (核实) and check before it is closed (核查), there or by camera."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from parking.domain.alert import DEVICE_KINDS, AlertKind
from parking.domain.case import Stage
from sim.people_crews import Crew
from sim.people_eyes import Scene
from sim.people_habits import MINUTE, Trade
from sim.people_inside import SHIFT_LEADER, is_worn_out
from sim.people_office import Act, Office, Owner
from sim.people_said import File, Move, Said

Leave: TypeAlias = Callable[[], None]

VIDEO_DESK: Final = "video-desk"
LOOK_AGAIN_S: Final = 5 * MINUTE
MOST_LOOKS: Final = 6
"""Looks at a board on which the alert still stands although the spot is well."""

NOTHING: Final = "到场核实，没有此情况 · nobody found anything on the spot"
NOT_SEEN: Final = "视频核实，没有此情况 · not to be seen by camera"
STILL: Final = "核查不通过，问题仍在 · the check failed, it is still there"
ON_BOARD: Final = "现场正常，但报警仍在 · the spot is well, but the alert still stands"
WELL: Final = "现场正常 · the spot is well"


class Inspectors:
    """They see the street as it is."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def owners(self) -> Mapping[Stage, Owner]:
        """Who takes on a case at which stage."""
        return {
            Stage.PENDING_VERIFY: lambda file, at: self._look(file, at, self._verify),
            Stage.PENDING_CHECK: lambda file, at: self._look(file, at, self._check),
        }

    def _look(self, file: File, at: int, judge: Callable[[File, str, Leave], Act]) -> None:
        """On the spot, or by a camera from the centre; nobody sees by camera whether a sensor is well."""
        office = self._office
        chance = office.chance_of(file, "look")
        look_s = office.habits.look.draw_s(chance)
        if file.kind not in DEVICE_KINDS and float(chance.random()) < office.habits.by_camera:
            office.after(file, at + look_s, judge(file, VIDEO_DESK, lambda: None))
            return

        def arrive(crew: Crew) -> Act:
            def there(_scene: Scene, now: int) -> Iterable[Said]:
                office.later(now + look_s, office.if_same(file, judge(file, crew.name, crew.leave), crew.leave))
                return ()

            return there

        office.send(file, Trade.INSPECTOR, arrive)

    def _verify(self, file: File, who: str, leave: Leave) -> Act:
        def judge(scene: Scene, at: int) -> Iterable[Said]:
            leave()
            if self._is_there(scene, file, at):
                yield Move(file.case.no, Stage.PENDING_FILE, who, SHIFT_LEADER)
            else:
                words = NOT_SEEN if who == VIDEO_DESK else NOTHING
                yield Move(file.case.no, Stage.VOIDED, who, SHIFT_LEADER, words)

        return judge

    def _check(self, file: File, who: str, leave: Leave, looks: int = 1) -> Act:
        """Closing wants both: the spot is well, and the board is."""
        office = self._office

        def judge(scene: Scene, at: int) -> Iterable[Said]:
            is_there, stands = self._is_there(scene, file, at), office.stands(file)
            if not is_there and stands and not is_worn_out(file) and looks < MOST_LOOKS:
                again = self._check(file, who, leave, looks + 1)
                office.later(at + LOOK_AGAIN_S, office.if_same(file, again, leave))
                return
            leave()
            if is_there:
                yield Move(file.case.no, Stage.REWORK, who, file.case.department, STILL)
            elif stands and not is_worn_out(file):
                yield Move(file.case.no, Stage.REWORK, who, file.case.department, ON_BOARD)
            else:
                yield Move(file.case.no, Stage.PENDING_CLOSE, who, SHIFT_LEADER, WELL)

        return judge

    def _is_there(self, scene: Scene, file: File, at: int) -> bool:
        """Whether the trouble is there, or what made a jam still stands in the way."""
        eyes = self._office.eyes
        if eyes.sees(scene, file.kind, file.subject, at):
            return True
        roads = eyes.corridor(file.subject) if file.kind is AlertKind.JAM else ()
        return any(eyes.standing(scene, one) for one in roads)
