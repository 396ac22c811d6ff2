"""`python -m infra.local.provider [--mood JSON]`: run a provider of messages until it is interrupted.

While it runs, it stands in for the one that `make up` runs beside the stage.
"""

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.stage import beside, deployment, private, provider
from infra.stage.background import NotStarted
from infra.stage.ministack import MiniStack, MiniStackError
from infra.stage.provider import Ask, NotIntroduced
from infra.stage.sign_in import EMAIL, SignInFailed, demo_password, sign_in

STATE: Final = Path(__file__).parents[2] / ".milepost"


def main(arguments: Sequence[str]) -> int:
    """Run the provider in the place of the one beside the stage; 1 when no stage runs."""
    private.from_now_on()
    try:
        _stand_in(arguments)
    except (MiniStackError, SignInFailed, NotIntroduced, NotStarted, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


def _stand_in(arguments: Sequence[str]) -> None:
    stage = MiniStack(state=STATE)
    if stage.running_port() is None:
        raise MiniStackError("The local stage does not run; start it with `make up`.")
    api_url = deployment.addresses(stage).api_url
    ask = _as_the_demo(api_url)
    was_beside = beside.end(STATE)
    try:
        with provider.running(api_url, ask, arguments=arguments) as known, contextlib.suppress(KeyboardInterrupt):
            sys.stdout.write(f"{known.url}\n")
            sys.stdout.flush()
            known.process.wait()
    finally:
        if was_beside:
            beside.begin(STATE, api_url, ask, afresh=True)


def _as_the_demo(api_url: str) -> Ask:
    owner = sign_in(api_url=api_url, email=EMAIL, password=demo_password(STATE), display_name="Demo")
    return provider.asking(api_url, owner.access_token)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
