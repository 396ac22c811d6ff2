"""`python -m infra.stage.emulator STATE`: MiniStack, which keeps its data when it is asked to end, whoever asks.

Rule: it is started by `ministack.py` only, which gives it its environment.
"""

import os
import sys
from pathlib import Path

from ministack import app

from infra.stage import authorization, held_messages, private
from infra.stage.kept import Kept


def main(state: Path) -> None:
    """Run MiniStack until a signal ends it, then copy what it has written."""
    private.from_now_on()
    os.chdir(state)
    # It reads arguments of its own.
    sys.argv = sys.argv[:1]
    authorization.set_right()
    held_messages.hand_back()
    kept = Kept(state)
    kept.begin()
    app.main()
    kept.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
