"""What somebody says with a message to a number of the tenant: stop, start again, or help. Pure.

The words are those of 47 CFR 64.1200(a)(10), in any case, alone or with punctuation in and around them.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

Action = Literal["stop", "start", "help"]

_STOPS: Final = ("stop", "quit", "end", "cancel", "unsubscribe", "revoke", "optout")
_ACTIONS: Final[Mapping[str, Action]] = {**dict.fromkeys(_STOPS, "stop"), "start": "start", "help": "help"}
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_LONGEST: Final = 64


def action(text: str) -> Action | None:
    """Return what a message asks for, None for any other message: `Stop!`, ` opt-out.`, `OPT OUT`."""
    return _ACTIONS.get(_NO_LETTERS.sub("", text[:_LONGEST]).casefold()) if len(text) <= _LONGEST else None
