"""How the provider behaves, and what becomes of each call by it.

Chances are drawn from a seed, the message and the number of the call, so a run with the same seed has the same fates in
whatever order its calls come.
"""

import random
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

Fate = Literal["accept", "busy", "unavailable", "refuse", "broken", "drop", "gateway"]


@dataclass
class Chances:
    """How likely each fate of a call is, 0 to 1; what is left of 1 is accepted.

    busy         429 with `Retry-After`; not taken
    unavailable  503; not taken
    refuse       the recipient is refused for good
    broken       500; not taken
    drop         taken, and the connection ends without an answer
    gateway      taken, and the answer is 504
    """

    busy: float = 0.0
    unavailable: float = 0.0
    refuse: float = 0.0
    broken: float = 0.0
    drop: float = 0.0
    gateway: float = 0.0


@dataclass
class Receipts:
    """What is told of a message that was taken: how likely each is, when, and how often.

    `early` is how likely a first receipt goes out before the answer to the call itself. Each receipt waits up to
    `delay_seconds`, so that they overtake each other, and `shuffled` tells them in any order. `times` is how often each
    is sent. `late_bounce` follows a delivery.
    """

    are_sent: bool = True
    delivered: float = 1.0
    opened: float = 0.0
    clicked: float = 0.0
    late_bounce: float = 0.0
    early: float = 0.0
    delay_seconds: float = 0.0
    shuffled: bool = False
    times: int = 1


@dataclass
class Mood:
    """How the provider behaves; well, unless told otherwise.

    `suspends_after` is after how many messages the account is suspended. `most_per_minute` is how many calls of any
    minute are answered; the others are told to come back.
    """

    seed: int = 16
    delay_seconds: float = 0.0
    down: bool = False
    wrong: bool = False
    suspended: bool = False
    suspends_after: int | None = None
    dedupes: bool = True
    retry_after_seconds: int = 1
    most_per_minute: int | None = None
    chances: Chances = field(default_factory=Chances)
    receipts: Receipts = field(default_factory=Receipts)

    def fate(self, message: str, call: int) -> Fate:
        """Return what becomes of the so many-th call for a message."""
        drawn = self.draw(message, f"call {call}").random()
        for each in fields(Chances):
            chance = getattr(self.chances, each.name)
            if drawn < chance:
                return each.name  # type: ignore[return-value]
            drawn -= chance
        return "accept"

    def statuses(self, message: str) -> list[str]:
        """Return what is told of a message that was taken, in the order in which it is told."""
        draw, wanted = self.draw(message, "receipts"), self.receipts
        if draw.random() >= wanted.delivered:
            told = ["failed"]
        else:
            told = ["delivered"]
            told += ["opened"] if draw.random() < wanted.opened else []
            told += ["clicked"] if draw.random() < wanted.clicked else []
            told += ["bounced"] if draw.random() < wanted.late_bounce else []
        told = [each for each in told for _ in range(wanted.times)]
        if wanted.shuffled:
            draw.shuffle(told)
        return told

    def draw(self, message: str, what: str) -> random.Random:
        """Return what draws one thing about a message."""
        return random.Random(f"{self.seed} {message} {what}")  # noqa: S311 - to be the same again, not to be a secret

    def change(self, told: dict[str, Any]) -> None:
        """Take over what was told. Raises ValueError for what the mood does not have."""
        _change(self, told)


def _change(there: Any, told: dict[str, Any]) -> None:
    for name, value in told.items():
        before = getattr(there, name, None) if name in {each.name for each in fields(there)} else ...
        if before is ...:
            raise ValueError(f"{name} is not known")
        if is_dataclass(before):
            if not isinstance(value, dict):
                raise ValueError(f"{name} must be an object")
            _change(before, value)
        elif not _fits(before, value):
            raise ValueError(f"{name} cannot be {value!r}")
        else:
            setattr(there, name, value)


def _fits(before: Any, value: Any) -> bool:
    if isinstance(before, bool):
        return isinstance(value, bool)
    if before is None:
        return value is None or (isinstance(value, int) and value >= 0)
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0)
