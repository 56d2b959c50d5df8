"""Recorded inputs under other thresholds: what drivers did stays as it was, signs confirm what they are told now.

An open loop: the cars of the recording saw the signs of the recording. A recorded confirmation is of what the sign was
told then, so it is translated: a sign that obeyed then obeys now; one that was silent, or showed something else, still
does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from parking.domain.decisions import Decisions
from parking.domain.guidance import Guidance, Shown
from parking.domain.ids import SignId
from parking.domain.inputs import Input
from parking.domain.settings import Settings
from parking.domain.thresholds import changed
from parking.flow.replay import shown_at_once
from parking.recording.nouns import Line, Told
from signage.wording import texts

ANSWERS_WITHIN: Final = timedelta(seconds=10)
"""A sign that has not confirmed for longer is taken to be silent: over a good wire it answers by the next tick."""
REMEMBERED: Final = 64
"""Sequences of a sign whose texts are remembered, as many as the engine holds answers against."""


@dataclass(slots=True)
class _Sign:
    """One sign, then and now."""

    told: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Texts by sequence, in the recording; newest last."""
    owes_since: datetime | None = None
    """Since when it had not answered, in the recording."""
    is_true: bool = True
    """Its last answer, in the recording, was what it had been told."""
    epoch: int = 1
    now: Guidance | None = None
    """What it is told now."""
    is_proven: bool = False
    """And whether it has confirmed that."""


class Otherwise:
    """Translates each tick's inputs; `hear` what is decided on them."""

    def __init__(self, changes: Mapping[str, Any]) -> None:
        self.changes = changes
        self._signs: dict[SignId, _Sign] = {}

    def settings(self, recorded: Settings) -> Settings:
        """These instead of the recorded ones."""
        return changed(recorded, self.changes)

    def begin(self, picture: Decisions | None) -> None:
        """What signs had been told before the first tick, by a run that did not begin afresh."""
        for guidance in picture.guidance if picture else ():
            sign = self._sign(guidance.sign)
            sign.told[guidance.sequence] = texts(guidance)
            sign.now = guidance
            sign.is_proven = True

    def inputs(self, line: Line) -> tuple[Input, ...]:
        """What the engine takes before the tick of this line."""
        translated = [self._translated(value) for value in line.inputs]
        known = [value for value in translated if value is not None]
        return (*known, *self._confirmations(line.at))

    def hear(self, line: Line, decisions: Decisions) -> None:
        """The tick as it was then, and as it is now."""
        for told in line.told:
            self._then(told, line.at)
        for guidance in decisions.guidance:
            sign = self._sign(guidance.sign)
            sign.now, sign.is_proven = guidance, False

    def _translated(self, value: Input) -> Input | None:
        if isinstance(value, Settings):
            return self.settings(value)
        return self._shown(value) if isinstance(value, Shown) else value

    def _shown(self, shown: Shown) -> Shown | None:
        sign = self._sign(shown.sign)
        sign.epoch = shown.epoch
        told = sign.told.get(shown.sequence)
        sign.is_true = told == shown.rows and not shown.errors
        if sign.is_true:
            newest = next(reversed(sign.told))
            sign.owes_since = None if shown.sequence >= newest else sign.owes_since
            return None  # confirmed below, in the words of now
        return replace(shown, sequence=shown.sequence if sign.now is None else sign.now.sequence)

    def _confirmations(self, at: datetime) -> Iterator[Shown]:
        for sign in self._signs.values():
            if sign.now is None or sign.is_proven or not sign.is_true:
                continue
            if sign.owes_since is None or at - sign.owes_since <= ANSWERS_WITHIN:
                sign.is_proven = True
                yield shown_at_once(sign.now, at, sign.epoch)

    def _then(self, told: Told, at: datetime) -> None:
        sign = self._sign(SignId(told.sign))
        sign.told[told.sequence] = told.texts
        sign.owes_since = sign.owes_since or at
        if len(sign.told) > REMEMBERED:
            del sign.told[next(iter(sign.told))]

    def _sign(self, sign: SignId) -> _Sign:
        return self._signs.setdefault(sign, _Sign())
