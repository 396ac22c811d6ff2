"""One subject that is to be restated: it is found by its id, in its tenant alone, at little cost."""

import pytest

from infra.commands import restatements
from shared import ids
from tests.aws import troubles
from tests.restating.founding import Subject, founds


@pytest.fixture
def tenant(aws: None) -> tuple[str, set[Subject]]:
    founds()
    return founds(people=3, each_has=2)


def test_one_subject_of_every_kind_is_found_by_its_id(tenant: tuple[str, set[Subject]]) -> None:
    tenant_id, has = tenant
    found = [restatements.of_subject(tenant_id, subject_id) for _, subject_id in sorted(has)]

    assert [(each.event_type, each.subject_id) for each in found if each] == sorted(has)


def test_one_subject_takes_a_few_calls(tenant: tuple[str, set[Subject]]) -> None:
    tenant_id, has = tenant
    most = 0
    for _, subject_id in has:
        with troubles.counting() as calls:
            restatements.of_subject(tenant_id, subject_id)
        most = max(most, len(calls))

    # A goal: who there is (three lists), then all of them in one call.
    assert most == 4


@pytest.mark.parametrize("kind", ["goal", "endpoint", "lead", "user", "session", ""])
def test_of_what_is_not_there_nothing_is_said(tenant: tuple[str, set[Subject]], kind: str) -> None:
    assert restatements.of_subject(tenant[0], ids.new(kind) if kind else "550e8400-e29b-41d4-a716-446655440000") is None


def test_a_subject_of_another_tenant_is_not_found(tenant: tuple[str, set[Subject]]) -> None:
    tenant_id, _ = founds()

    assert [restatements.of_subject(tenant_id, subject_id) for _, subject_id in sorted(tenant[1])] == [None] * len(
        tenant[1]
    )
