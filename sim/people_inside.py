"""Those who sit in the centre: 受理员, 值班长, 派遣员, and a department's clerk. They are there day and night."""

from collections.abc import Iterable, Mapping
from typing import Final

from parking.domain.case import Closing, Stage
from sim.people_eyes import Scene
from sim.people_habits import Delay
from sim.people_office import DISPATCHER, Office, Owner, times_at
from sim.people_said import Answer, File, Move, Said

ACCEPTOR: Final = "acceptor"
SHIFT_LEADER: Final = "shift-leader"
INSPECTORS: Final = "inspectors"

BACK_AGAIN: Final = "核查后报警又起 · the alert has come back since the check"
ON_EYES: Final = "两次现场核查正常，以现场为准 · the spot was well twice; eyes count"

MOST_REWORK: Final = 2
"""After so many checks that failed on the alert alone, a leader believes the inspector's eyes."""


class Inside:
    """Paper work: each step after a time of its own."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def owners(self) -> Mapping[Stage, Owner]:
        """Who takes on a case at which stage."""
        habits = self._office.habits
        return {
            Stage.REPORTED: self._step(habits.accept, Stage.PENDING_VERIFY, ACCEPTOR, INSPECTORS),
            Stage.PENDING_FILE: self._step(habits.file, Stage.FILED, SHIFT_LEADER, SHIFT_LEADER),
            Stage.FILED: self._step(habits.hand_back, Stage.PENDING_DISPATCH, SHIFT_LEADER, DISPATCHER),
            Stage.PENDING_DISPATCH: self._step(habits.dispatch, Stage.DISPATCHED, DISPATCHER, None),
            Stage.RETURNED: self._step(
                habits.dispatch,
                Stage.PENDING_DISPATCH,
                DISPATCHER,
                DISPATCHER,
                "经核对仍属你单位 · it is yours after all",
            ),
            Stage.DISPOSED: self._step(habits.hand_back, Stage.PENDING_CHECK, DISPATCHER, INSPECTORS),
            Stage.PENDING_CLOSE: self._close,
        }

    def answer(self, file: File, at: int) -> None:
        """A request for more time lies there."""
        chance = self._office.chance_of(file, f"answer-{len(file.case.extensions)}")
        granted = float(chance.random()) < self._office.habits.grants
        opinion = "同意 · granted" if granted else "理由不足 · not a sufficient reason"

        def answer(_scene: Scene, _at: int) -> Iterable[Said]:
            yield Answer(file.case.no, granted, DISPATCHER, opinion)

        self._office.after(file, at + self._office.habits.dispatch.draw_s(chance), answer)

    def _step(self, delay: Delay, to: Stage, actor: str, receiver: str | None, opinion: str = "") -> Owner:
        """`receiver` None: the department."""

        def take_on(file: File, at: int) -> None:
            move = Move(file.case.no, to, actor, receiver or file.case.department, opinion)
            due = at + delay.draw_s(self._office.chance_of(file, "inside"))
            self._office.after(file, due, lambda _scene, _at: (move,))

        return take_on

    def _close(self, file: File, at: int) -> None:
        due = at + self._office.habits.close.draw_s(self._office.chance_of(file, "close"))

        def close(_scene: Scene, _at: int) -> Iterable[Said]:
            case = self._office.newest(file).case
            stands = self._office.stands(file)
            if stands and not is_worn_out(file):
                yield Move(case.no, Stage.REWORK, SHIFT_LEADER, case.department, BACK_AGAIN)
                return
            done = next(step.at for step in reversed(case.steps) if step.stage is Stage.DISPOSED)
            closing = Closing.NORMAL if done <= case.deadline else Closing.OVERDUE
            # A board that goes on against what people saw twice on the spot is closed as what it is.
            how, why = (Closing.SPECIAL, ON_EYES) if stands else (closing, "")
            yield Move(case.no, Stage.CLOSED, SHIFT_LEADER, case.department, why, how)

        self._office.after(file, due, close)


def is_worn_out(file: File) -> bool:
    """Whether enough checks have failed."""
    return times_at(file, Stage.REWORK) >= MOST_REWORK
