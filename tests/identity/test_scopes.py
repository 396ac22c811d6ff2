"""One table says what a role may do; every route asks for one of its scopes, and none of them is idle."""

import pytest

from functions.identity.scopes import SCOPES, may_govern
from shared.api.reference import operations
from tests.platform.operations import DOCUMENT

ALL = frozenset().union(*SCOPES.values())


# The contexts that are still to come.
TO_COME = {"audience", "insight", "notifications", "payments", "projects", "search", "workflows"}
# What some requests ask of API keys besides the scope of their operation.
OF_API_KEYS = {"sequences:admin"}


def test_every_operation_asks_for_a_scope_of_the_table_or_is_public():
    asked = {operation["x-scope"] for operation in operations(DOCUMENT)}
    idle = ALL - asked - OF_API_KEYS

    assert asked <= ALL | {"public"}
    assert {scope.partition(":")[0] for scope in idle} <= TO_COME


def test_each_role_may_do_what_the_one_below_it_may():
    assert SCOPES["viewer"] < SCOPES["member"] < SCOPES["admin"] <= SCOPES["owner"]


ONESELF = {"identity:read", "identity:write", "notifications:read", "notifications:write"}


def test_a_viewer_changes_nothing_but_what_is_their_own():
    reading = {scope for scope in ALL if scope.endswith(":read")} - {"audience:read", "payments:read", "webhooks:read"}

    assert SCOPES["viewer"] == ONESELF | reading


def test_a_member_writes_in_the_contexts_where_people_work_and_decides_and_pays_in_projects():
    writing = {
        f"{each}:write" for each in ("goals", "jobs", "milestones", "projects", "workflows", "search", "sequences")
    }
    paying = {f"payments:{each}" for each in ("read", "write", "release", "dispute")}

    assert SCOPES["member"] == SCOPES["viewer"] | writing | paying | {"projects:decide", "audience:read"}


def test_admins_and_owners_may_do_everything():
    assert SCOPES["admin"] == SCOPES["owner"] == ALL


def test_a_guest_sees_and_decides_in_projects_and_touches_nothing_else():
    visiting = {"projects:read", "projects:decide", "payments:read", "payments:dispute", "search:read"}

    assert SCOPES["guest"] == ONESELF | visiting


@pytest.mark.parametrize(
    ("actor", "governed"),
    [
        ("owner", {"owner", "admin", "member", "viewer", "guest"}),
        ("admin", {"admin", "member", "viewer", "guest"}),
        ("member", set()),
        ("viewer", set()),
        ("guest", set()),
    ],
)
def test_who_governs_whom(actor: str, governed: set[str]):
    assert {role for role in SCOPES if may_govern(actor, role)} == governed
