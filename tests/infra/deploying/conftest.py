"""A checkout to deploy from."""

import io
import sys
from pathlib import Path

import pytest

from infra.bundling.target import Target
from infra.deploying import __main__ as deploying
from infra.deploying import cdk
from tests.infra.deploying.checkouts import Checkout

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def checkout(aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout with a stage of each kind, where nobody is at the terminal."""
    for name in ("AWS_REGION", "CONFIRM", "ONLY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(deploying, "ROOT", tmp_path)
    monkeypatch.setattr(cdk, "ROOT", tmp_path)
    monkeypatch.setattr(cdk, "ELSEWHERE", tmp_path / "elsewhere")
    monkeypatch.setattr(deploying, "AWS_TARGET", Target(python=HERE, platform=None))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    made = Checkout(tmp_path)
    made.write("dev", 'kind = "development"')
    made.write("prod", 'kind = "production"', 'alarm_email = "none"')
    return made
