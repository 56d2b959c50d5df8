"""Told and shown: does each sign show what it was told, and since when does it not?"""

from collections.abc import Sequence
from datetime import datetime

from parking.codec import decode, encode
from parking.domain.guidance import Guidance, Shown, Unconfirmed
from parking.domain.settings import AlertSettings
from parking.domain.sign import Sign
from signage.proof import Proof


class Confirmation:
    """Proof of every sign; only signs that owe an answer are looked at on a tick."""

    def __init__(self, signs: Sequence[Sign], settings: AlertSettings) -> None:
        self._settings = settings
        self._proofs = {sign.id: Proof(sign.id) for sign in signs}
        self._owing = dict.fromkeys(self._proofs, False)

    def configure(self, settings: AlertSettings) -> None:
        """Use these limits from now on."""
        self._settings = settings

    def wanted(self, guidance: Guidance) -> None:
        """The sign is told this."""
        proof = self._proofs.get(guidance.sign)
        if proof is not None:
            proof.ask(guidance)
            self._owing[guidance.sign] = proof.owes

    def take(self, shown: Shown) -> None:
        """The sign says it shows this; a sign nobody knows is passed over."""
        proof = self._proofs.get(shown.sign)
        if proof is not None:
            proof.answer(shown)
            self._owing[shown.sign] = proof.owes

    def unconfirmed(self, now: datetime) -> tuple[Unconfirmed, ...]:
        """Signs that have owed a right answer for longer than the limit, in the order of signs."""
        limit_s = self._settings.sign_confirm_s
        found = (self._proofs[sign].overdue(now, limit_s) for sign, owes in self._owing.items() if owes)
        return tuple(one for one in found if one is not None)

    def save(self) -> list[str]:
        """Each sign's proof as JSON, in the order of signs."""
        return [encode(proof).decode() for proof in self._proofs.values()]

    def load(self, state: list[str]) -> None:
        """Back to what was saved; signs that are new since then owe nothing yet."""
        for text in state:
            proof = decode(text, Proof)
            if proof.sign in self._proofs:
                self._proofs[proof.sign] = proof
                self._owing[proof.sign] = proof.owes
