"""A gateway in this process that is away, slow, lying and repeating itself, for thousands of cases."""

from dataclasses import dataclass, field
from typing import Literal

from functions.payments.gateways.gateways import Outcome, Transfer
from shared import clock
from shared.clock import DAY

Trouble = Literal["none", "lost before", "lost after", "error", "error after", "busy", "refused", "other amount"]
Death = Literal["never", "before", "after"]
TROUBLES: tuple[Trouble, ...] = ("none", "lost before", "lost after", "error", "error after", "busy", "refused")
_UNKNOWN = Outcome("unknown")


class ProcessDied(BaseException):
    """The process has died in a call."""


@dataclass
class Untrue:
    """What it has moved, what it keeps by key for a day, and what goes wrong next."""

    name: str = "untrue"
    moved: list[Transfer] = field(default_factory=list)
    kept: dict[str, tuple[int, Outcome]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    is_away: bool = False
    dies: Death = "never"

    def standing(self, payment_id: str) -> list[Transfer]:
        """Return the transfers of a payment."""
        return [each for each in self.moved if each.payment_id == payment_id]

    def send(self, transfer: Transfer) -> Outcome:
        """Move the money once under a key, and answer or not."""
        dies, self.dies = self.dies, "never"
        if dies == "before":
            raise ProcessDied
        said = self._sent(transfer)
        if dies == "after":
            raise ProcessDied
        return said

    def _sent(self, transfer: Transfer) -> Outcome:
        trouble = self.troubles.pop(0) if self.troubles else "none"
        if self.is_away or trouble in ("lost before", "busy"):
            return _UNKNOWN
        known = self.kept.get(transfer.key)
        if known is not None and clock.now() - known[0] < DAY:
            return known[1] if trouble != "lost after" else _UNKNOWN
        return self._made(transfer, trouble)

    def _made(self, transfer: Transfer, trouble: Trouble) -> Outcome:
        made = Outcome("made", f"tr_{len(self.moved)}", moved=(transfer.amount_minor_units, transfer.currency))
        if trouble in ("error", "refused"):
            made = _UNKNOWN if trouble == "error" else Outcome("refused", reason="balance_insufficient")
        else:
            self.moved.append(transfer)
        said = _UNKNOWN if trouble in ("error", "error after") else made
        if trouble == "other amount":
            said = made._replace(moved=(1, transfer.currency))
        self.kept[transfer.key] = clock.now(), said
        return _UNKNOWN if trouble == "lost after" else said

    def find(self, transfer: Transfer) -> Outcome:
        """Say what it has moved for a payment, if it answers."""
        if self.is_away or (self.troubles and self.troubles.pop(0) != "none"):
            return _UNKNOWN
        found = self.standing(transfer.payment_id)
        if not found:
            return Outcome("absent")
        return Outcome("made", "tr_found", moved=(found[0].amount_minor_units, found[0].currency))
