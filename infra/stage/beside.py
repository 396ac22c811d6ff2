"""The provider of messages that runs beside the local stage, so that its campaigns send and hear what became of it.

It listens on a free port of this machine, at the same one after a restart: what waits in a queue finds it again. Where
it is and the secret of its receipts are kept in `provider.json` of the stage, which only its owner may read.
"""

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from infra.stage import background, provider
from infra.stage.background import Background, NotStarted
from infra.stage.provider import Ask

MOOD: Final[dict[str, Any]] = {
    "delay_seconds": 0.01,
    "chances": {"busy": 0.02, "refuse": 0.015},
    "receipts": {"delivered": 0.97, "opened": 0.46, "clicked": 0.21, "late_bounce": 0.015, "delay_seconds": 3.0},
}
"""Most messages arrive; some are refused, fail or bounce, and some people read them."""
_FILE: Final = "provider.json"


class Known(NamedTuple):
    """What is kept of the provider: the stage it sends receipts to, and what both know."""

    api_url: str
    port: int
    provider_id: str
    secret: str


def again(state: Path) -> None:
    """Start the provider that was here before, before the stage itself starts; nothing when it cannot be."""
    known = _known(state)
    if known is None or _process(state).is_running() or background.listens(known.port):
        return
    try:
        _start(state, known)
    except NotStarted:
        _process(state).stop()


def begin(state: Path, api_url: str, ask: Ask, *, afresh: bool) -> None:
    """Have the provider run, and the stage know it; `afresh` when the stage has lost data. Raises NotStarted."""
    known, process = _known(state), _process(state)
    if known and known.api_url == api_url and not afresh and process.is_running() and _is_there(ask, known):
        return
    process.stop()
    port = known.port if known and not background.listens(known.port) else background.free_port()
    told = provider.introduce(ask, provider.url_at(port))
    known = Known(api_url, port, told.provider_id, told.secret)
    path = state / _FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(known._asdict()))
    _start(state, known)


def end(state: Path) -> bool:
    """Stop the provider, and return whether it was running."""
    return _process(state).stop()


def address(state: Path) -> str | None:
    """Return where the provider is, None when it does not run."""
    known = _known(state)
    return provider.url_at(known.port) if known and _process(state).is_running() else None


def _start(state: Path, known: Known) -> None:
    told = provider.Introduced(known.provider_id, known.secret)
    command, environment = provider.command(known.api_url, told, ["--mood", json.dumps(MOOD)], port=known.port)
    _process(state).start(command, environment, port=known.port)


def _is_there(ask: Ask, known: Known) -> bool:
    return any(
        each["provider_id"] == known.provider_id and each["settings"].get("url") == provider.url_at(known.port)
        for each in provider.every(ask)
    )


def _known(state: Path) -> Known | None:
    path = state / _FILE
    return Known(**json.loads(path.read_text())) if path.exists() else None


def _process(state: Path) -> Background:
    return Background(state, "provider")
