"""What the local stage keeps is for its owner alone: its files hold signing keys, secrets and passwords."""

import os
from pathlib import Path

# They hold code that anybody may read, in thousands of files.
PUBLIC = {"bundles", "cdk.out"}


def close(state: Path) -> None:
    """Close the folder of a stage to everybody else, also what an earlier version left open in it."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    state.chmod(0o700)
    for path in state.iterdir():
        if path.name not in PUBLIC:
            _close(path)


def from_now_on() -> None:
    """Make every file that this process and its children write private."""
    os.umask(0o077)


def _close(path: Path) -> None:
    if path.is_symlink():
        return
    path.chmod(0o700 if path.is_dir() else 0o600)
    for found in path.rglob("*"):
        if not found.is_symlink():
            found.chmod(0o700 if found.is_dir() else 0o600)
