"""The stacks of a stage: how large each is, in which order they are deployed, and that nothing ties them together."""

import json

import pytest

from infra import discovery
from infra.stage import stack_names
from tests.infra.stages import LARGEST_BYTES, MOST_RESOURCES, VALUE, Stage, size_of
from tests.infra.watched import alarms, reference


@pytest.fixture(params=["prod", "local"])
def stage(request: pytest.FixtureRequest) -> Stage:
    made: Stage = request.getfixturevalue(request.param)
    return made


def test_every_context_has_a_stack_beside_those_that_all_share(stage: Stage) -> None:
    assert set(stage.templates) == {*discovery.contexts(), *stack_names.SHARED}


@pytest.mark.parametrize("name", ["prod", "full", "local"])
def test_a_template_has_room_to_grow(request: pytest.FixtureRequest, name: str) -> None:
    stage: Stage = request.getfixturevalue(name)
    sizes = {name: (len(each["Resources"]), size_of(each)) for name, each in stage.templates.items()}
    print(sizes)

    assert max(resources for resources, _ in sizes.values()) <= MOST_RESOURCES
    assert max(size for _, size in sizes.values()) <= LARGEST_BYTES


def test_no_stack_holds_another_by_an_export(stage: Stage) -> None:
    said = json.dumps(stage.templates)
    outputs = [each for template in stage.templates.values() for each in template.get("Outputs", {}).values()]

    assert [word for word in ("Fn::ImportValue", "Fn::GetStackOutput") if word in said] == []
    assert [each for each in outputs if "Export" in each] == []


def test_a_value_is_read_by_the_name_that_it_is_published_under(stage: Stage) -> None:
    # The next deployment reads that one.
    published = [each["Name"] for each in stage.of_type(VALUE) if not each["Name"].endswith("/DeployedSettings")]
    read = {
        each["Default"]
        for template in stage.templates.values()
        for each in template["Parameters"].values()
        if each["Type"].startswith(VALUE) and not each["Default"].startswith("/cdk-bootstrap/")
    }

    assert sorted(published) == sorted(read)


def test_a_context_has_its_alarms_with_it(stage: Stage) -> None:
    watched = {
        (stage.stack_of(reference(place)), stage.stack_of(alarm.name))
        for alarm in alarms(stage)
        for each in alarm.metrics
        for kind, place in each.dimensions.items()
        if kind in {"FunctionName", "QueueName"}
    }

    assert watched != set()
    assert [(own, beside) for own, beside in watched if own != beside] == []


def test_schedules_stay_when_functions_go(stage: Stage) -> None:
    (group,) = stage.find("AWS::Scheduler::ScheduleGroup")

    assert stage.stack_of(group) == "stateful"
