"""What it takes of the processor to freeze an audience from files, with a bucket that answers at once."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from functions.audience.campaigns import addresses
from functions.audience.campaigns.freezing import audiences, sources
from functions.audience.files.reading import File, Snapshot
from functions.audience.querying import audiences as opened
from functions.audience.segments.rules.form import Every
from functions.audience.settings.settings import Audience, Digests, Settings
from shared.storage import files
from tests.bench import questions
from tests.bench.figures import Figure

LEADS: Final = (100_000, 1_000_000)
SECONDS: Final = 30.0
MOST_MB: Final = 900.0
"""Half of what the function has."""


def measure() -> list[Figure]:
    """Return the figures of fresh processes, each of which freezes an audience."""
    return [figure for leads in LEADS for figure in judged(leads, _told(leads))]


def judged(leads: int, told: Mapping[str, Any]) -> list[Figure]:
    """Return the figures of what a process has told of itself."""
    return [
        Figure(f"an audience of {leads:,} frozen: processor time", told["seconds"], "s", SECONDS),
        Figure(f"an audience of {leads:,} frozen: memory, at most", told["memory_mb"], "MB", MOST_MB),
    ]


def _told(leads: int) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        questions.write(Path(folder), leads=leads)
        said = subprocess.run(
            [sys.executable, "-m", "tests.bench.freezing", folder], capture_output=True, text=True, check=True
        )
    told: Mapping[str, Any] = json.loads(said.stdout.splitlines()[-1])
    assert told["frozen"] == leads
    return told


def freeze(folder: Path) -> dict[str, Any]:
    """Freeze everybody whom the files in a folder have, and return what that took."""
    files.download = questions.copied
    files.put_once = lambda *_, **__: "1"
    shards = tuple(File(f"{path}", "1") for path in sorted(folder.glob("*.parquet")))
    snapshot = Snapshot(1, shards, (File(f"{folder / 'changed.jsonl.gz'}", "1"),), questions.NOW)
    decided = Audience(Settings("", 1), Digests(b"k" * 32))
    began = time.process_time()
    asked = opened.opened("tenant_1", snapshot)
    found = asked.every_address(Every([]), addresses.IN_FILES["email"])
    frozen = audiences.write("campaigns/1", audiences.entries(sources.digested(found, "email", decided)))
    seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    opened.forget()
    return {"frozen": frozen, "seconds": seconds, "memory_mb": memory}


if __name__ == "__main__":
    print(json.dumps(freeze(Path(sys.argv[1]))))
