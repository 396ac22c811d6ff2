"""The stage that `make smoke` looks at: one on AWS, the local one that runs, or that of these tests."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import boto3

from infra import stage_files
from infra.stage import deployment
from infra.stage.access import STATE, StageNotRunning
from infra.stage.deployment import Addresses
from infra.stage.ministack import MiniStack
from infra.stage_files import LOCAL

ROOT = Path(__file__).parents[2]


class Smoked(NamedTuple):
    """Where a stage answers, and whether it is the emulator's."""

    api_url: str
    graphql_url: str
    is_emulated: bool


def stage(of_these_tests: Callable[[], Addresses]) -> Smoked:
    """Return the stage that SMOKE_STAGE names; without it, that of these tests."""
    name = os.environ.get("SMOKE_STAGE")
    if not name:
        return _emulated(of_these_tests())
    if name == LOCAL:
        return _emulated(_running())
    region = stage_files.read(name, folder=ROOT / stage_files.FOLDER).settings.region or os.environ.get("AWS_REGION")
    cloudformation = boto3.client("cloudformation", region_name=region)
    outputs = {
        output["OutputKey"]: output["OutputValue"]
        for stack in ("stateless", "graphql")
        for found in cloudformation.describe_stacks(StackName=f"milepost-{name}-{stack}")["Stacks"]
        for output in found.get("Outputs", [])
    }
    return Smoked(outputs["ApiUrl"], outputs["GraphqlUrl"], is_emulated=False)


def _running() -> Addresses:
    ministack = MiniStack(state=STATE)
    if ministack.running_port() is None:
        raise StageNotRunning("The local stage does not run; start it with `make up`.")
    return deployment.addresses(ministack)


def _emulated(addresses: Addresses) -> Smoked:
    return Smoked(addresses.api_url, addresses.graphql_url, is_emulated=True)
