"""Values between stacks: who reads one is deployed after who publishes it."""

import pytest
from aws_cdk import App, Stack

from infra.constructs.values import Values


def test_a_stack_is_deployed_after_those_whose_values_it_reads() -> None:
    app = App(analytics_reporting=False)
    reader, publisher = Stack(app, "Reader"), Stack(app, "Publisher")
    values = Values("dev")
    read = values.read(reader, "Address")
    values.publish(publisher, "Address", "here")
    values.order()

    assert [stack.stack_name for stack in reader.dependencies] == ["Publisher"]
    assert reader.resolve(read) == {"Ref": "Address"}


def test_a_value_that_is_read_twice_is_one_parameter() -> None:
    reader = Stack(App(analytics_reporting=False), "Reader")
    values = Values("dev")

    assert values.read(reader, "Address") == values.read(reader, "Address")


def test_a_value_that_nobody_publishes_cannot_be_read() -> None:
    values = Values("dev")
    values.read(Stack(App(analytics_reporting=False), "Reader"), "Address")

    with pytest.raises(LookupError, match="Reader reads Address, which no stack publishes"):
        values.order()


def test_a_value_is_published_once() -> None:
    publisher = Stack(App(analytics_reporting=False), "Publisher")
    values = Values("dev")
    values.publish(publisher, "Address", "here")

    with pytest.raises(ValueError, match="Address is published twice"):
        values.publish(publisher, "Address", "there")
