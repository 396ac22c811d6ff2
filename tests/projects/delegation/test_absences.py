"""Out of office: when somebody is away, who decides in their place meanwhile, and nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.projects.verification import deciding
from shared.storage import events, table
from tests.aws import hooks
from tests.aws.entries import Answer
from tests.projects.delegation.away import DAY, HOUR, asks, is_away
from tests.projects.following.telling import follow, of_milestone, stands
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEVER = {
    "absence_id": None,
    "starts_at": None,
    "ends_at": None,
    "backup_id": None,
    "message": None,
    "updated_at": None,
    "version": 0,
    "is_away": False,
    "covering": [],
}


def decides_for(review: Review, actor: Person, principal: Person, milestone: str, decision: str = "approve") -> Answer:
    return review.decides(actor, review.layers(milestone)[0], decision, on_behalf_of=principal.user_id)


def test_a_backup_decides_in_the_place_of_who_is_away(review: Review, fred: Person):
    cleo = review.verifiers[0]
    milestone = review.submits(layer(mode="all", approvers=[{"user": cleo.user_id}]))
    away = is_away(cleo, fred, message="On leave.")
    decided = decides_for(review, fred, cleo, milestone)

    assert (away.status, decided.status) == (200, 200), (away.body, decided.body)
    (stored,) = decided.body["decisions"]
    assert (stored["actor"], stored["on_behalf_of"]) == (fred.user_id, cleo.user_id)
    assert stored["delegation_id"] == away.body["absence_id"]
    assert review.ada.status(milestone) == "approved"


def test_who_is_away_may_still_decide(review: Review, fred: Person):
    cleo, milestone = review.verifiers[0], review.submits(layer(mode="all"))
    is_away(cleo, fred)

    assert review.decides(cleo, review.layers(milestone)[0]).status == 200
    assert decides_for(review, fred, cleo, milestone).code == "AlreadyDecided"


def test_a_backup_works_from_the_worklist_of_who_is_away(review: Review, fred: Person):
    cleo, milestone = review.verifiers[0], review.submits(layer(mode="all"))
    follow(*of_milestone(review.ada, milestone))
    is_away(cleo, fred)
    later = review.submits(layer(mode="all"))
    follow(*of_milestone(review.ada, later))
    found = fred.get("/worklist", f"on_behalf_of={cleo.user_id}").body["items"]

    assert found == cleo.get("/worklist").body["items"]
    assert len(found) == 2


@pytest.mark.parametrize(
    ("after", "code"), [(-1, "DelegationNotInForce"), (0, None), (9_999, None), (10_000, "DelegationNotInForce")]
)
def test_an_absence_holds_from_its_first_instant_to_before_its_last(
    after: int, code: str | None, review: Review, fred: Person
):
    cleo, milestone = review.verifiers[0], review.submits(layer())
    with time_machine.travel(NOON, tick=False):
        assert is_away(cleo, fred, after=timedelta(), lasts=timedelta(seconds=10)).status == 200
    with time_machine.travel(NOON + timedelta(milliseconds=after), tick=False):
        assert asks(cleo, "GET").body["is_away"] == (code is None)
        assert decides_for(review, fred, cleo, milestone).body.get("code") == code


@pytest.mark.parametrize("how", ["back", "another backup", "nobody"])
def test_who_is_not_the_backup_any_more_decides_nothing(how: str, review: Review, fred: Person):
    cleo, milestone = review.verifiers[0], review.submits(layer())
    is_away(cleo, fred)
    if how == "back":
        assert asks(cleo, "DELETE").status == 204
    else:
        assert is_away(cleo, review.verifiers[1] if how == "another backup" else None).status == 200

    assert decides_for(review, fred, cleo, milestone).code == "DelegationNotInForce"
    assert asks(fred, "GET").body["covering"] == []


@pytest.mark.parametrize("how", ["back", "another period", "a viewer"])
def test_what_ends_while_the_decision_is_in_flight_counts(
    how: str, review: Review, fred: Person, monkeypatch: pytest.MonkeyPatch
):
    cleo, milestone, decided = review.verifiers[0], review.submits(layer()), deciding.decided
    is_away(cleo, fred)
    asked = review.layers(milestone)[0]

    def ended_meanwhile(*args: Any, **named: Any) -> Any:
        monkeypatch.setattr(deciding, "decided", decided)
        if how == "back":
            asks(cleo, "DELETE")
        elif how == "another period":
            is_away(cleo, fred, after=HOUR)
        else:
            stands(fred, "role_changed", role="viewer")
        return decided(*args, **named)

    monkeypatch.setattr(deciding, "decided", ended_meanwhile)
    refused = review.decides(fred, asked, on_behalf_of=cleo.user_id)

    assert refused.code == ("NotAnApprover" if how == "a viewer" else "DelegationNotInForce")
    assert review.layers(milestone)[0]["decisions"] == []


def test_a_layer_without_delegation_takes_no_decision_of_a_backup(review: Review, fred: Person):
    cleo, milestone = review.verifiers[0], review.submits(layer(allow_delegation=False))
    is_away(cleo, fred)

    assert decides_for(review, fred, cleo, milestone).code == "NotDelegable"


def test_what_is_delegated_is_not_handed_on(review: Review):
    cleo, dana, emil = review.verifiers
    assert is_away(cleo, dana).status == 200
    given = {"delegate_id": emil.user_id, "scope": "tenant", "reason": "Busy."}
    period = {"starts_at": datetime.now(UTC).isoformat(), "ends_at": (datetime.now(UTC) + HOUR).isoformat()}

    assert is_away(dana, emil).code == is_away(dana, cleo).code == is_away(emil, cleo).code == "DelegationChain"
    assert dana.post("/delegations", {**given, **period}).code == "DelegationChain"
    assert (is_away(dana).status, is_away(dana, emil, after=DAY).status) == (200, 200)


def test_two_halves_of_a_chain_at_once_are_one_absence(review: Review):
    cleo, dana, emil = review.verifiers
    answers: list[Answer] = []

    def other_half(**_: object) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", other_half)
        answers.append(is_away(dana, emil))

    hooks.register("before-call.dynamodb.TransactWriteItems", other_half)
    answers.append(is_away(cleo, dana))

    assert [each.body.get("code") for each in answers] == [None, "DelegationChain"]


def test_both_people_are_shown_an_absence(ada: Person, ben: Person):
    assert asks(ada, "GET").body == NEVER
    away = is_away(ada, ben, message="Without a telephone.").body
    shown = asks(ada, "GET").body
    (covered,) = asks(ben, "GET").body["covering"]

    assert shown == away | {"covering": []}
    assert (shown["version"], shown["is_away"], shown["backup_id"]) == (1, True, ben.user_id)
    assert (covered["principal_id"], covered["message"]) == (ada.user_id, "Without a telephone.")
    asks(ada, "DELETE")
    assert asks(ada, "GET").body == NEVER | {"version": 2}


def test_a_stale_version_changes_nothing(ada: Person):
    assert is_away(ada).body["version"] == 1
    refused = asks(ada, "DELETE", if_match='"4"')

    assert (refused.status, asks(ada, "GET").body["version"]) == (412, 1)
    assert asks(ada, "DELETE", if_match='"1"').status == asks(ada, "DELETE").status == 204


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lasts": timedelta(days=366, milliseconds=1)}, "ends_at"),
        ({"lasts": timedelta()}, "ends_at"),
        ({"after": -DAY, "lasts": HOUR}, "ends_at"),
        ({"backup_id": "nobody"}, "backup_id"),
        ({"backup_id": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H"}, "backup_id"),
        ({"message": "a\nb"}, "message"),
        ({"starts_at": "soon"}, "starts_at"),
    ],
)
def test_what_makes_no_absence_is_named(more: dict[str, Any], field: str, ada: Person):
    refused = is_away(ada, **more)

    assert (refused.status, [each["field"] for each in refused.body["errors"]]) == (422, [field])
    assert asks(ada, "GET").body == NEVER


def test_a_backup_is_somebody_else_of_the_tenant_who_may_decide(ada: Person, ben: Person, eve: Person):
    disabled = ada.colleague()
    stands(disabled, "disabled", is_disabled=True)
    for whom in (ada, eve, disabled, ada.colleague("viewer")):
        assert is_away(ada, whom).code == "InvalidInput"

    assert is_away(ada, ben, lasts=timedelta(days=90, milliseconds=1)).code == "InvalidInput"
    assert is_away(ada, ada.colleague("guest"), lasts=timedelta(days=90)).status == 200


def test_an_absence_is_an_event_that_concerns_the_backup(ada: Person, ben: Person):
    is_away(ada, ben)
    asks(ada, "DELETE")
    found = [events.stored(item) for item in table.query_all(f"USER#{ada.user_id}", f"EVENT#{ada.user_id}#")]

    assert [each.event_type for each in found] == ["identity.absence.set", "identity.absence.ended"]
    assert {concern["user_id"] for each in found for concern in each.concerns} == {ben.user_id}
