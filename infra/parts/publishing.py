"""Publishes the page of the parts on the local stage, beside copies of the parts that it shows."""

from pathlib import Path

from infra.stage import buckets
from infra.stage.deployment import Addresses

BUCKET = "milepost-parts"
PAGE = Path(__file__).with_name("page")
PARTS = Path(__file__).parents[2] / "functions" / "portal" / "dashboard" / "parts"


def address(addresses: Addresses) -> str:
    """Return the address of the page on a stage."""
    return buckets.address(addresses, BUCKET)


def publish(addresses: Addresses) -> None:
    """Bring the page of a stage up to date."""
    buckets.publish(addresses, BUCKET, files())


def files() -> dict[str, bytes]:
    """Return the files of the page by name: its own, and those of the parts in `parts/`."""
    return _below(PAGE, "") | _below(PARTS, "parts/")


def _below(folder: Path, prefix: str) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"{prefix}{path.relative_to(folder).as_posix()}": path.read_bytes() for path in found}
