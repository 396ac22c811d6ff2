"""`make first-minutes`: how long somebody waits from a fresh clone to the end of `make up`, and for which step.

Not part of `make bench`, since it brings up a stage of its own. The packages come from where this machine has them:
its caches when it has installed them before, the registries when not.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.aws import ports
from tests.bench.figures import Figure, show

ROOT = Path(__file__).parents[2]
# On two processors that do little else.
LIMIT_SECONDS = 90
STEP = re.compile(r"✓ (.+?) \((\d+(?:\.\d)?) s\)")


def main() -> int:
    """Clone, bring up, stop; return 0 when it took no longer than it may."""
    with tempfile.TemporaryDirectory(prefix="first-minutes-") as folder:
        clone = Path(folder, "milepost")
        started = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        port = ports.free()
        try:
            said = "".join(_said(["make", "up", f"PORT={port}"], clone))
            seconds = time.monotonic() - started
        finally:
            subprocess.run(["make", "down"], cwd=clone, check=False, stdout=subprocess.DEVNULL)
    figures = judged(said, seconds)
    show("First minutes", figures)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 0 if all(figure.holds for figure in figures) else 1


def judged(said: str, seconds: float) -> list[Figure]:
    """Return a figure for each step that `make up` has printed, and the whole against its limit."""
    steps = [Figure(name, float(took), "s") for name, took in STEP.findall(said)]
    return [*steps, Figure("from a clone to the end of make up", seconds, "s", LIMIT_SECONDS)]


def _said(command: list[str], folder: Path) -> Iterator[str]:
    """Run a command, show what it prints, and yield it. Raises CalledProcessError."""
    # As typed by somebody, not as a part of the make that runs this.
    typed = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    with subprocess.Popen(command, cwd=folder, env=typed, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            yield line
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


if __name__ == "__main__":
    sys.exit(main())
