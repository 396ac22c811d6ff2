"""What is deployed is deployed again when something it is made of has changed, and only then."""

from pathlib import Path

import pytest

from infra.stage import deployment


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("functions/goals", "shared", "infra/contexts/goals", "stages"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["functions/goals/api.py", "shared/ids.py", "infra/contexts/goals/functions.py", "app.py", "stages/local.toml"],
)
def test_a_changed_file_is_deployed(root: Path, name: str) -> None:
    before = deployment.fingerprint(root)
    (root / name).write_text("CHANGED = True\n")

    assert deployment.fingerprint(root) != before


def test_what_python_leaves_behind_is_not(root: Path) -> None:
    before = deployment.fingerprint(root)
    (root / "infra" / "contexts" / "__pycache__").mkdir()
    (root / "infra" / "contexts" / "__pycache__" / "functions.pyc").write_bytes(b"compiled")

    assert deployment.fingerprint(root) == before
