"""What the local stage keeps is for its owner alone: its files hold signing keys, secrets and passwords."""

import contextlib
import os
from pathlib import Path

# They hold code that anybody may read, in thousands of files.
PUBLIC = {"bundles", "cdk.out"}


def close(state: Path) -> None:
    """Close the folder of a stage to everybody else, also what an earlier version left open in it."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    state.chmod(0o700)
    for folder, names, files in os.walk(state):
        if Path(folder) == state:
            names[:] = [name for name in names if name not in PUBLIC]
        for name in [*names, *files]:
            _close(Path(folder, name))


def from_now_on() -> None:
    """Make every file that this process and its children write private."""
    os.umask(0o077)


def _close(path: Path) -> None:
    # A stage that runs writes and removes files meanwhile.
    with contextlib.suppress(FileNotFoundError):
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)
