"""Values that one stack makes and others read: SSM parameters, whose names both sides know.

A CloudFormation export can neither change nor be removed while another stack reads it. A parameter can: its readers get
the new value with their next deployment.
"""

from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_ssm as ssm
from constructs import Construct


class Values:
    """The values of a stage. A stack that reads one is deployed after the stack that publishes it."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._folders: dict[Stack, Construct] = {}
        self._publishers: dict[str, Stack] = {}
        self._read: dict[tuple[Stack, str], str] = {}

    def publish(self, scope: Construct, name: str, value: str) -> None:
        """Make a value of the stack of this construct readable by others. Names are those of one value each."""
        if name in self._publishers:
            raise ValueError(f"{name} is published twice")
        stack = Stack.of(scope)
        ssm.StringParameter(self._folder(stack), name, parameter_name=self._path(name), string_value=value)
        self._publishers[name] = stack

    def read(self, scope: Construct, name: str) -> str:
        """Return a value that another stack publishes, or will publish."""
        # Each call of the CDK goes to another process and back, and a stage reads some hundred values.
        stack = scope if isinstance(scope, Stack) else Stack.of(scope)
        if (stack, name) not in self._read:
            kind = "AWS::SSM::Parameter::Value<String>"
            parameter = CfnParameter(self._folder(stack), f"Read{name}", type=kind, default=self._path(name))
            parameter.override_logical_id(name)
            self._read[stack, name] = parameter.value_as_string
        return self._read[stack, name]

    def order(self) -> None:
        """Have every stack deployed after those whose values it reads. Raises LookupError for one nobody publishes."""
        for stack, name in self._read:
            if name not in self._publishers:
                raise LookupError(f"{stack.stack_name} reads {name}, which no stack publishes")
            stack.add_stack_dependency(self._publishers[name])

    def _folder(self, stack: Stack) -> Construct:
        if stack not in self._folders:
            self._folders[stack] = Construct(stack, "Values")
        return self._folders[stack]

    def _path(self, name: str) -> str:
        return f"/milepost/{self._stage}/{name}"
