"""What payments tell the tests that hold for every context."""

from typing import Any

from graphql import GraphQLNonNull, get_named_type

from tests.goals.catalogue import Field, Scene
from tests.payments.appsync import MUTATIONS, QUERIES


class PaymentField(Field):
    def arguments(self, scene: Scene) -> dict[str, Any]:
        given = {"projectId": scene.project_id}
        return {name: given[name] for name in self.required}


def _field(type_name: str, name: str, definition: Any) -> PaymentField:
    required = {
        argument: get_named_type(each.type).name
        for argument, each in definition.args.items()
        if isinstance(each.type, GraphQLNonNull)
    }
    return PaymentField(type_name, name, "payments:admin", frozenset(definition.args), required)


FIELDS = [
    _field(kind, *each) for kind, fields in {"Query": QUERIES, "Mutation": MUTATIONS}.items() for each in fields.items()
]

CASES = 20
