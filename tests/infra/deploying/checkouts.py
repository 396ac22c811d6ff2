"""A checkout with stage files, from which a stage is deployed by a CDK that only writes down what it is told."""

import json
import sys
from pathlib import Path
from typing import Any

import boto3

from infra.deploying import __main__ as deploying
from infra.deploying import earlier

ACCOUNT = "123456789012"
CDK = """#!/bin/sh
printf '%s\\n' "$PWD" "$AWS_REGION" "$@" > "{said}"
exit "${{CDK_EXITS:-3}}"
"""
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


class Checkout:
    """A checkout with stage files, and a CDK that only writes down what it is told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._said = root / "said"
        (root / "stages").mkdir()
        (root / "node_modules" / ".bin").mkdir(parents=True)
        command = root / "node_modules" / ".bin" / "cdk"
        command.write_text(CDK.format(said=self._said))
        command.chmod(0o755)

    def write(self, stage: str, *lines: str) -> None:
        (self.root / "stages" / f"{stage}.toml").write_text("\n".join(lines))

    @property
    def told(self) -> list[str] | None:
        """What the CDK was told, without where; None when it was not called."""
        return self._said.read_text().splitlines()[2:] if self._said.exists() else None

    @property
    def where(self) -> list[str]:
        """The folder and the region that the CDK was called in."""
        return self._said.read_text().splitlines()[:2]


def deployed(stage: str, **given: Any) -> None:
    """Let a stage have been deployed with settings."""
    boto3.client("ssm").put_parameter(Name=earlier.path_of(stage), Type="String", Value=json.dumps(given))


def run(*arguments: str) -> int:
    return deploying.main(arguments)
