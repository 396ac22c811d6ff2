"""The stacks of every stage, synthesised once from the code of this checkout."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from infra import milepost
from infra.settings import settings_for

ROOT = Path(__file__).parents[2]


class Stage:
    """Both templates of a stage."""

    def __init__(self, stateful: Template, stateless: Template) -> None:
        self.stateful = stateful
        self.stateless = stateless

    def of_type(self, resource_type: str) -> list[Mapping[str, Any]]:
        """Return the properties of every resource of a type, of both stacks."""
        found = [*self.stateful.find_resources(resource_type).values()]
        found += self.stateless.find_resources(resource_type).values()
        return [resource["Properties"] for resource in found]


@cache
def stage(name: str, **context: str) -> Stage:
    """Return the synthesised stage. What goes to AWS fails here when cdk-nag finds something."""
    app = App()
    milepost.build(app, settings=settings_for(stage=name, **context), root=ROOT, cache=ROOT / ".milepost" / "bundles")
    stateful, stateless = (child for child in app.node.children if isinstance(child, Stack))
    return Stage(Template.from_stack(stateful), Template.from_stack(stateless))


@pytest.fixture(scope="session")
def prod() -> Stage:
    """The production stage."""
    return stage("prod")


@pytest.fixture(scope="session")
def local() -> Stage:
    """The stage of a laptop."""
    return stage("local")
