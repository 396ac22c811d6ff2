"""The stacks of every stage as one, synthesised from the code of this checkout once a run, for all its processes."""

import fcntl
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from infra import stage_files
from infra.queue_tags import CONSUMER, PART
from infra.stage_files import LOCAL, StageFile

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).with_name("stage_files")
VALUE = "AWS::SSM::Parameter"
ACCOUNT = "123456789012"
# CloudFormation takes 500 resources and 1 MB a template:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MOST_RESOURCES = 400
LARGEST_BYTES = 800_000

Template = Mapping[str, Any]


class Stage:
    """The templates of a stage, by the name of the stack, and all their resources as if they were of one.

    In the resources, a value that a stack reads of another is replaced by what the other stack says it is.
    """

    def __init__(self, templates: Mapping[str, Template], after: Mapping[str, list[str]]) -> None:
        self.templates = templates
        self._after = after

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """All resources, by logical id. No two stacks have one of the same."""
        found: dict[str, dict[str, Any]] = {}
        for template in self.templates.values():
            followed = self._followed(template["Resources"], template)
            assert not found.keys() & followed.keys()
            found |= followed
        return found

    def find(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """Return the resources of a type, by logical id."""
        return {name: each for name, each in self.resources.items() if each["Type"] == resource_type}

    def of_type(self, resource_type: str) -> list[Mapping[str, Any]]:
        """Return the properties of every resource of a type."""
        return [resource["Properties"] for resource in self.find(resource_type).values()]

    def queue(self, consumer: str, part: str) -> Mapping[str, Any]:
        """Return the properties of a consumer's queue; `part` is `Queue` or `DeadLetters`."""
        wanted = [{"Key": CONSUMER, "Value": consumer}, {"Key": PART, "Value": part}]
        (found,) = [each for each in self.of_type("AWS::SQS::Queue") if all(tag in each["Tags"] for tag in wanted)]
        return found

    def stack_of(self, logical_id: str) -> str:
        """Return the name of the stack that has a resource."""
        (name,) = (name for name, template in self.templates.items() if logical_id in template["Resources"])
        return name

    def follows(self, stack: str) -> set[str]:
        """Return the stacks that are deployed before a stack because it waits for them."""
        return set(self._after[stack])

    def _followed(self, part: Any, template: Template) -> Any:
        if isinstance(part, list):
            return [self._followed(each, template) for each in part]
        if not isinstance(part, dict):
            return part
        read = template.get("Parameters", {}).get(part.get("Ref") if len(part) == 1 else None, {})
        if read.get("Type") == f"{VALUE}::Value<String>" and read["Default"] in self._values:
            return self._values[read["Default"]]
        return {name: self._followed(each, template) for name, each in part.items()}

    @cached_property
    def _values(self) -> dict[str, Any]:
        return {
            each["Properties"]["Name"]: each["Properties"]["Value"]
            for template in self.templates.values()
            for each in template["Resources"].values()
            if each["Type"] == VALUE
        }


def file_of(name: str, **decided: Any) -> StageFile:
    """Return what the file of a stage on AWS says, and what is decided besides."""
    written = stage_files.read(name, folder=FILES).settings
    return StageFile.model_validate(written.given() | decided)


def size_of(template: Template) -> int:
    """Return the bytes of a template as the CDK writes it."""
    return len(json.dumps(template, indent=1).encode())


class Stages:
    """The stages of a run, in a folder that its processes share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Stage] = {}

    def stage(self, name: str, **decided: Any) -> Stage:
        """Return a synthesised stage. What goes to AWS fails here when cdk-nag finds something."""
        # Values may be longer than the name of a file, and have slashes in them.
        text = json.dumps(decided, sort_keys=True, default=str).encode()
        called = f"{name}-{hashlib.sha256(text).hexdigest()[:16]}"
        if called not in self._read:
            self._read[called] = Stage(**self._made(called, name, decided))
        return self._read[called]

    def _made(self, called: str, name: str, decided: Mapping[str, Any]) -> dict[str, Any]:
        made = self._folder / f"{called}.json"
        with (self._folder / f"{called}.lock").open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            if not made.exists():
                made.write_text(json.dumps(_synthesise(name, decided)))
        found: dict[str, Any] = json.loads(made.read_text())
        return found


def _synthesise(name: str, decided: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    # The CDK takes seconds to import, and most processes of a run find the stacks made.
    from aws_cdk import App, Environment  # noqa: PLC0415

    from infra import milepost  # noqa: PLC0415
    from infra.settings import settings_for  # noqa: PLC0415

    app = App(analytics_reporting=False)
    settings = settings_for(name, None if name == LOCAL else file_of(name, **decided))
    region = decided.get("region")
    environment = Environment(account=ACCOUNT, region=region) if region else None
    milepost.build(app, settings=settings, root=ROOT, cache=ROOT / ".milepost" / "bundles", environment=environment)
    stacks = {stack.id: stack for stack in app.synth().stacks}
    called = {id_: stack.stack_name.removeprefix(f"milepost-{name}-") for id_, stack in stacks.items()}
    after = {
        called[id_]: [called[each.id] for each in stack.dependencies if each.id in called]
        for id_, stack in stacks.items()
    }
    return {"templates": {called[id_]: stack.template for id_, stack in stacks.items()}, "after": after}
