"""One sign's answers against what it was told."""

from dataclasses import dataclass, field
from datetime import datetime

from parking.domain.guidance import Guidance, NoProof, Shown, Unconfirmed
from parking.domain.ids import SignId
from signage.wording import texts

MOST_ASKED = 64
"""Guidance remembered while no answer comes: five minutes of a number that changes on every tick."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sign was told."""

    sequence: int
    at: datetime
    texts: tuple[str, ...]


@dataclass(slots=True)
class Proof:
    """Numbers change every few seconds and answers take a moment, so each answer is held against what it answers.

    An answer that fits the guidance of its own sequence proves everything up to it; the sign then owes only what it
    was told later. An answer that does not fit proves nothing, however old or new it is.
    """

    sign: SignId
    asked: list[Asked] = field(default_factory=list)
    """Unproven guidance, oldest first, and at least the newest guidance of all."""
    owed_since: datetime | None = None
    reason: NoProof = NoProof.NO_ANSWER

    @property
    def owes(self) -> bool:
        """Whether a right answer is missing."""
        return self.owed_since is not None

    def ask(self, guidance: Guidance) -> None:
        """The sign is told this now."""
        if self.owed_since is None:
            self.asked.clear()
            self.owed_since, self.reason = guidance.at, NoProof.NO_ANSWER
        self.asked.append(Asked(guidance.sequence, guidance.at, texts(guidance)))
        if len(self.asked) > MOST_ASKED:
            del self.asked[1]

    def answer(self, shown: Shown) -> None:
        """The sign says it shows this."""
        if not self.asked or shown.sequence < self.asked[0].sequence:
            return  # a late copy of an answer that has been counted
        told = self._told(shown.sequence)
        if shown.errors or told.texts != shown.rows:
            self.reason = NoProof.ERRORS if shown.errors else NoProof.DIFFERENT
            self.owed_since = self.owed_since or shown.received_at
            return
        self.asked = [asked for asked in self.asked if asked.sequence > told.sequence] or [self.asked[-1]]
        newest_proven = self.asked[-1].sequence <= told.sequence
        self.owed_since = None if newest_proven else self.asked[0].at
        self.reason = NoProof.NO_ANSWER

    def _told(self, sequence: int) -> Asked:
        """What it was told under that sequence; the newest where nobody remembers it."""
        return next((asked for asked in self.asked if asked.sequence == sequence), self.asked[-1])

    def overdue(self, now: datetime, limit_s: float) -> Unconfirmed | None:
        """The missing proof, when it has been missing for longer than the limit."""
        if self.owed_since is None or (now - self.owed_since).total_seconds() <= limit_s:
            return None
        return Unconfirmed(self.sign, self.owed_since, self.reason)
