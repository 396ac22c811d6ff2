"""Publishes `/outbox` on the local stage: every e-mail and every text that the emulator has taken.

The page asks the emulator, whose address it has; on AWS there is neither.
"""

from pathlib import Path

from infra.parts import publishing as parts
from infra.stage import buckets
from infra.stage.deployment import Addresses

BUCKET = "outbox"
PAGE = Path(__file__).with_name("page")


def address(addresses: Addresses) -> str:
    """Return the address of the page on a stage."""
    return buckets.address(addresses, BUCKET)


def publish(addresses: Addresses) -> None:
    """Bring the page of a stage up to date."""
    buckets.publish(addresses, BUCKET, files())


def files() -> dict[str, bytes]:
    """Return the files of the page by name: its own, and those of the parts in `parts/`."""
    own = {path.name: path.read_bytes() for path in sorted(PAGE.iterdir())}
    return own | {name: content for name, content in parts.files().items() if name.startswith("parts/")}
