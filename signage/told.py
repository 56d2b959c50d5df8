"""What each sign was told last, so that only news and renewals are written."""

from collections.abc import Collection
from typing import Any, Final

import numpy as np

from parking.domain.guidance import STATES, State
from parking.domain.inputs import Override, OverrideMode
from signage.states import F64, I8, I64

NEVER: Final = -1
"""Word code of a panel that was told nothing yet."""

BY_HAND: Final = -2
"""Number code under an override: unlike any number, so that the return to auto is news."""

HAND_WORDS: Final = {OverrideMode.FULL: STATES.index(State.FULL), OverrideMode.CLOSED: STATES.index(State.CLOSED)}


class Told:
    """Words and numbers by panel (P,), sequence and next renewal by sign (S,)."""

    def __init__(self, signs: int, panel_sign: I64) -> None:
        self._panel_sign = panel_sign
        self._edges: I64 = np.searchsorted(panel_sign, np.arange(signs + 1))
        self._word: I8 = np.full(len(panel_sign), NEVER, dtype=np.int8)
        self._number: I64 = np.full(len(panel_sign), NEVER, dtype=np.int64)
        self._sequence: I64 = np.zeros(signs, dtype=np.int64)
        self._due_s: F64 = np.full(signs, -np.inf)

    def make_due(self, sign: int) -> None:
        """Tell this sign on the next turn, whatever its content."""
        self._due_s[sign] = -np.inf

    def new_or_due(self, now_s: float, word: I8, number: I64, by_hand: Collection[int]) -> list[int]:
        """Signs to tell now, ascending: content differs, or renewal is due. Content is nothing new under a hand."""
        new = self._panel_sign[(word != self._word) | (number != self._number)]
        due = np.flatnonzero(self._due_s <= now_s)
        if not new.size and not due.size:
            return []
        held = {sign for sign in by_hand if self._due_s[sign] > now_s}
        return [sign for sign in np.union1d(new, due).tolist() if sign not in held]

    def tell(self, sign: int, now_s: float, word: I8, number: I64, renew_s: float, hand: Override | None) -> bool:
        """Remember what the sign is told; whether a state word differs from before."""
        mine = slice(self._edges[sign], self._edges[sign + 1])
        new = word[mine] if hand is None else np.int8(HAND_WORDS.get(hand.mode, STATES.index(State.UNKNOWN)))
        changed = bool((self._word[mine] != new).any())
        self._due_s[sign] = now_s + renew_s * self._first_share(sign)
        self._word[mine] = new
        self._number[mine] = number[mine] if hand is None else BY_HAND
        return changed

    def _first_share(self, sign: int) -> float:
        """The first renewals are spread over the period, so that thousands of signs never renew in one tick."""
        if self._sequence[sign]:
            return 1.0
        return (sign + 1) / len(self._sequence)

    def next_sequence(self, sign: int) -> int:
        """The sign's next number."""
        self._sequence[sign] += 1
        return int(self._sequence[sign])

    def save(self) -> dict[str, Any]:
        """All columns."""
        return {"word": self._word, "number": self._number, "sequence": self._sequence, "due_s": self._due_s}

    def load(self, state: dict[str, Any]) -> None:
        """Back to what was saved."""
        self._word, self._number = np.array(state["word"]), np.array(state["number"])
        self._sequence, self._due_s = np.array(state["sequence"]), np.array(state["due_s"])
