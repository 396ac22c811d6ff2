"""One table says what a role may do; every route asks for one of its scopes, and none of them is idle."""

import pytest

from functions.identity.scopes import SCOPES, may_govern
from shared.api.reference import operations
from tests.platform.operations import DOCUMENT

ALL = frozenset().union(*SCOPES.values())


def test_every_operation_asks_for_a_scope_of_the_table_or_is_public():
    asked = {operation["x-scope"] for operation in operations(DOCUMENT)}

    assert asked == ALL | {"public"}


def test_each_role_may_do_what_the_one_below_it_may():
    assert SCOPES["viewer"] < SCOPES["member"] < SCOPES["admin"] <= SCOPES["owner"]


def test_a_viewer_changes_nothing_but_their_own_profile():
    assert SCOPES["viewer"] == {"goals:read", "identity:read", "identity:write", "milestones:read"}


@pytest.mark.parametrize(
    ("actor", "governed"),
    [
        ("owner", {"owner", "admin", "member", "viewer"}),
        ("admin", {"admin", "member", "viewer"}),
        ("member", set()),
        ("viewer", set()),
    ],
)
def test_who_governs_whom(actor: str, governed: set[str]):
    assert {role for role in SCOPES if may_govern(actor, role)} == governed
