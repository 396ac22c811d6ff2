"""How deep and how much a GraphQL request may ask: what AppSync is told, since the emulator counts neither."""

import re

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    get_named_type,
    parse,
)

from infra.documents import schema
from infra.explorer import publishing
from shared.api.graphql import MAX_PAGE
from tests.goals.appsync import SCHEMA as GOALS
from tests.infra.stages import Stage
from tests.milestones.appsync import SCHEMA as MILESTONES
from tests.platform.architecture import ROOT

DEPTH = 15
RESOLVERS = 200
OF_THE_PAGE = re.findall(
    r"""["`]((?:query|mutation) \w+.*?})["`];$""",
    (ROOT / "infra" / "explorer" / "page" / "explorer.js").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)
OF_THE_README = re.findall(r"""'{"query": "(.+?)"}'""", (ROOT / "README.md").read_text(encoding="utf-8"))
ASKED = [*(each["query"] for each in publishing.ready_queries()), *OF_THE_PAGE, *OF_THE_README]


def depth(text: str) -> int:
    """Return how many fields stand within each other in the deepest operation of a document."""
    document = parse(text)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return max(_depth(operation.selection_set, document) for operation in operations)


def _depth(selected: SelectionSetNode | None, document: DocumentNode) -> int:
    if selected is None:
        return 0
    found = 0
    for node in selected.selections:
        if isinstance(node, FragmentSpreadNode):
            fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
            (spread,) = [each for each in fragments if each.name.value == node.name.value]
            found = max(found, _depth(spread.selection_set, document))
        else:
            found = max(found, isinstance(node, FieldNode) + _depth(node.selection_set, document))  # type: ignore[attr-defined]
    return found


def deepest(kind: object, above: tuple[str, ...] = ()) -> int:
    """Return how deep the deepest query of a type is; fails for a type that holds itself, which would have no end."""
    if not isinstance(kind, GraphQLObjectType):
        return 0
    assert kind.name not in above, f"{kind.name} holds itself"
    return 1 + max(deepest(get_named_type(field.type), (*above, kind.name)) for field in kind.fields.values())


@pytest.mark.parametrize("stage", ["local", "prod"])
def test_appsync_is_told_how_deep_and_how_much(stage: str, request: pytest.FixtureRequest) -> None:
    made: Stage = request.getfixturevalue(stage)
    (api,) = made.of_type("AWS::AppSync::GraphQLApi")

    assert (api["QueryDepthLimit"], api["ResolverCountLimit"]) == (DEPTH, RESOLVERS)


def test_what_the_explorer_and_the_readme_ask_is_within() -> None:
    assert len(OF_THE_PAGE) == 2
    assert len(OF_THE_README) == 1
    assert max(depth(text) for text in ASKED) <= 4


def test_tools_can_learn_the_schema() -> None:
    wanted = get_introspection_query(input_value_deprecation=True, schema_description=True, specified_by_url=True)

    assert depth(wanted) <= DEPTH


@pytest.mark.parametrize("known", [GOALS, MILESTONES])
def test_the_schema_has_no_circle_and_nothing_of_it_is_out_of_reach(known: GraphQLSchema) -> None:
    roots = [root for root in (known.query_type, known.mutation_type, known.subscription_type) if root]

    assert max(deepest(root) for root in roots) == 4


def test_a_page_of_goals_with_their_answers_runs_few_enough_resolvers() -> None:
    assert len(schema.NESTED) == 1
    assert 1 + MAX_PAGE * len(schema.NESTED) <= RESOLVERS


def test_depth_is_counted_through_fragments() -> None:
    assert depth("query A { a { b { c } } } query B { a { ...F } } fragment F on T { b { ... on U { c { d } } } }") == 4
