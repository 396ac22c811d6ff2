"""The first minutes of somebody on a machine that makes it hard: a proxy, a profile, a path that a shell trips over."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.bundling import bundle
from infra.settings import HOST_TARGET
from infra.stage.client import call
from tests.aws import ports

ROOT = Path(__file__).parents[2]
BUNDLES = ROOT / ".milepost" / "bundles"
LEFT_OUT = shutil.ignore_patterns(".*", "node_modules", "__pycache__", "*.egg-info")
SECONDS = 1200


@dataclass(frozen=True)
class Checkout:
    """A checkout in a folder of its own, with the packages of this one."""

    folder: Path
    port: int

    def runs(self, command: str, **environment: str) -> str:
        """Run a command of the local stage as `make` does, and return what it printed."""
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "HTTP_PROXY": "http://127.0.0.1:9",
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "http_proxy": "http://127.0.0.1:9",
            "AWS_PROFILE": "nobody",
        }
        ran = subprocess.run(
            [str(self.folder / ".venv" / "bin" / "python"), "-m", "infra.local", command],
            cwd=self.folder,
            env={**surroundings, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def goals(self, token: str) -> list[str]:
        """Return the titles of the goals that a token sees."""
        exported = (self.folder / ".milepost" / "env").read_text()
        api = next(line.partition("=")[2] for line in exported.splitlines() if line.startswith("export API="))
        answer = call("GET", f"{api}/goals?limit=100", token=token)
        return [goal["title"] for goal in answer.json()["items"]]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    """One that has nothing yet but the bundles, which take time and are tested elsewhere."""
    folder = tmp_path / "Ada's work (new) & $HOME"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".milepost").mkdir()
    bundle.build_apart(root=ROOT, cache=BUNDLES, target=HOST_TARGET)
    (folder / ".milepost" / "bundles").symlink_to(BUNDLES)
    port = ports.free()
    made = Checkout(folder, port)
    yield made
    made.runs("down")


def test_a_stage_comes_up_anywhere_and_again_after_it_was_killed(checkout: Checkout) -> None:
    first = checkout.runs("up", PORT=str(checkout.port))
    process = int((checkout.folder / ".milepost" / "ministack.pid").read_text().split()[0])
    os.kill(process, signal.SIGKILL)
    again = checkout.runs("up")
    token = checkout.runs("token").strip()

    assert f"Dashboard     http://127.0.0.1:{checkout.port}/" in first
    assert "was killed" not in first
    # Not a screenful: what matters is still in sight when it ends.
    assert len(first.splitlines()) <= 20
    # It was never stopped in good order.
    assert "Everything in it is lost; the demo is loaded again" in again
    assert f"Dashboard     http://127.0.0.1:{checkout.port}/" in again
    assert sorted(checkout.goals(token)) == ["Python 3.13.0", "Python 3.14 bugfix releases", "Python 3.14.0"]
    assert token in (checkout.folder / ".milepost" / "env").read_text()
