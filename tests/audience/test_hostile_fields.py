"""The GraphQL fields of the audience, attacked: whatever is sent is answered, as what the caller may know.

AppSync holds arguments to the schema, and limits depth and resolvers, so what is sent here fits it.
"""

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type

from shared.callers import auth
from shared.callers.caller import Caller
from tests.audience.appsync import MUTATIONS, QUERIES, ask
from tests.audience.people import Person

SCOPES = frozenset(f"audience:{each}" for each in ("read", "write", "send", "admin"))
FIELDS = {**QUERIES, **MUTATIONS}
TEXTS = [
    "", " ", "\x00", "\ud800", "#", "TENANT#x", "..", "{{constructor}}", "x" * 10_000, "'; DROP", "%00", "null",
    "1e400", "2026-13-45T99:99:99Z", "0000-00-00", "lead_00000000000000000000000000", "İ" * 300,
]  # fmt: skip
JSONS = [
    "",
    "{",
    "null",
    "NaN",
    "[1e999]",
    '"\\ud800"',
    "[" * 5_000,
    '{"a":' * 200 + "1" + "}" * 200,
    "1" * 5_000,
    "[]",
    "{}",
]
NUMBERS = [-1, 0, 2**31 - 1, -(2**31)]


def context(person: Person) -> Mapping[str, str]:
    caller = Caller(person.user_id, person.tenant_id, ("owner",), SCOPES, None, ("pwd",), 0)
    return auth.to_resolver_context(caller)


class Hostile:
    """Draws arguments of the types that a field declares."""

    def __init__(self, seed: int, known: list[str]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a seed makes the same arguments again
        self._known = known

    def arguments(self, field: Any) -> dict[str, Any]:
        chosen = {name: each.type for name, each in field.args.items() if self._is_sent(each.type)}
        return {name: self.value(each) for name, each in chosen.items()}

    def value(self, declared: Any) -> Any:
        if isinstance(declared, GraphQLNonNull):
            declared = declared.of_type
        if isinstance(declared, GraphQLList):
            many = self._random.choice([0, 1, 2, 2_000])
            return [self.value(declared.of_type)] * many
        if isinstance(declared, GraphQLInputObjectType):
            fields = {name: each for name, each in declared.fields.items() if self._is_sent(each.type)}
            return {name: self.value(each.type) for name, each in fields.items()}
        return self._scalar(get_named_type(declared))

    def _scalar(self, named: Any) -> Any:
        if hasattr(named, "values"):
            return self._random.choice([*named.values])
        drawn = {"Int": NUMBERS, "Float": [*NUMBERS, 1e308, -0.0], "Boolean": [True, False], "AWSJSON": JSONS}
        return self._random.choice(drawn.get(named.name, [*TEXTS, *self._known, *self._known]))

    def _is_sent(self, declared: Any) -> bool:
        return isinstance(declared, GraphQLNonNull) or self._random.random() < 0.5


@pytest.fixture
def foreign(ada: Person, eve: Person) -> list[str]:
    """Return what eve has: ids and cursors of her lists. What ada is answered must not have any of her texts."""
    leads = [eve.creates(external_id=f"{SECRET} {number}", emails=[f"s{number}@secret.example"]) for number in range(3)]
    rule = {"type": "condition", "field": "external_id", "operator": "IS_SET"}
    segments = [eve.post("/segments", {"name": SECRET, "rule_ast": rule}).body["segment_id"] for _ in range(2)]
    cursors = [eve.get(path, "limit=1").body["next_cursor"] for path in ("/leads", "/segments")]
    return [*(each["lead_id"] for each in leads), *segments, *(each for each in cursors if each)]


SECRET = "eve's secret"


def replies(person: Person, name: str, drawn: Hostile) -> Iterator[tuple[Any, Any]]:
    """Yield arguments, and the answer or the code of the refusal; an exception is a failure of ours."""
    for _ in range(12):
        arguments = drawn.arguments(FIELDS[name])
        reply = ask(name, arguments, resolver_context=context(person))
        yield arguments, (reply.data, reply.error_type, reply.message)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_whatever_is_sent_is_answered_and_tells_nothing_of_others(
    name: str, ada: Person, foreign: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAD_IMPORTS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/none")
    for arguments, answer in replies(ada, name, Hostile(len(name), foreign)):
        said = json.dumps(answer, default=str)
        assert "InternalError" not in said, arguments
        assert SECRET not in said, arguments
        assert "secret.example" not in said, arguments
