"""Links by which people from outside decide: whom they are for, what they show, and when they are good no more."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from functions.projects import api
from functions.projects.following import consumers
from functions.projects.milestones import milestones
from shared.sending import mail
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws import troubles
from tests.aws.entries import Answer, Context, call, http_event
from tests.aws.messages import delivered
from tests.aws.quick import table as table_in_process
from tests.aws.stored_items import readable
from tests.identity.codes import challenged as codes
from tests.portal.catalogues import speaks
from tests.projects.evidence import bringing
from tests.projects.following import telling
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

MARY = {"name": "Mary Somerville", "address": "Mary@Example.com"}
AUDIT: dict[str, Any] = {"name": "Audit", "kind": "external_audit", "approvers": [{"external": MARY}]}


def asks(what: str, token: str, **more: Any) -> Answer:
    """Ask as somebody without an account."""
    path = f"/api/v1/review-links/{what}"
    return call(api.handler, api.api, http_event("POST", path, {"token": token, **more}))


@dataclass(frozen=True)
class Audit:
    """A milestone that Mary decides on from outside."""

    review: Review
    milestone: str

    def layer(self, name: str = "Audit") -> dict[str, Any]:
        return next(each for each in self.review.layers(self.milestone) if each["name"] == name)

    def links(self, somebody: Person | None = None, **more: Any) -> Answer:
        path = f"/verifications/{self.layer()['verification_id']}/links"
        return (somebody or self.review.ada).post(path, {"address": MARY["address"], **more})

    def token(self, **more: Any) -> str:
        made = self.links(**more)
        assert made.status == 201, made.body
        return str(made.body["url"].partition("#")[2])


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage an address to send e-mail from."""
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    yield
    mail.client.cache_clear()


@pytest.fixture
def audit(review: Review, pepper: str) -> Audit:
    return Audit(review, review.submits(layer(**AUDIT), acceptance="manager", amount_minor_units=500))


def decides(token: str, decision: str = "approve", **more: Any) -> Answer:
    seen = asks("view", token)
    assert seen.status == 200, seen.body
    return asks("decide", token, decision=decision, subject_digest=seen.body["subject_digest"], **more)


def test_a_link_shows_what_is_under_review_and_decides_once(audit: Audit):
    token = audit.token()
    seen = asks("view", token).body

    assert (seen["name"], seen["title"], seen["amount_minor_units"]) == ("Mary Somerville", "Mill assembled", 500)
    assert seen["subject_digest"] == audit.layer()["subject_digest"]
    assert decides(token).body["decision"] == "approve"
    assert audit.review.ada.status(audit.milestone) == "verified"
    assert [asks("view", token).code, asks("view", token).status] == ["ReviewLinkOver", 410]
    again = asks("decide", token, decision="approve", subject_digest=seen["subject_digest"])
    assert (again.status, again.code) == (410, "ReviewLinkOver")


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("ES", "es"), ("pt-BR", "en")])
def test_a_link_names_the_language_that_its_page_speaks(locale: str, language: str, audit: Audit):
    speaks(audit.review.ada.tenant_id, locale)

    assert asks("view", audit.token()).body["language"] == language


def test_a_rejection_needs_a_reason_and_a_refused_decision_spends_nothing(audit: Audit):
    token = audit.token()

    assert decides(token, "reject").status == 422
    assert asks("decide", token, decision="approve", subject_digest="0" * 64).code == "SubjectChanged"
    assert decides(token, "reject", reason="It jams.").status == 200
    assert audit.review.ada.status(audit.milestone) == "rejected"


def test_the_evidence_is_shown_with_an_address_for_five_minutes(bucket: str, pepper: str, review: Review):
    milestone = review.begins(layer(**AUDIT))
    bringing.brings(review.ben, milestone)
    review.ben.post(f"{milestone}/complete")
    [piece] = asks("view", Audit(review, milestone).token()).body["evidence"]

    assert piece["file_name"] == "drawings.pdf"
    assert "versionId=" in piece["download"]["url"]
    assert "X-Amz-Expires=300" in piece["download"]["url"]


@pytest.mark.parametrize("change", [lambda token: token[:-1] + ("A" if token[-1] != "A" else "Q"), lambda _: "x"])
def test_a_link_that_was_changed_is_refused(change: Any, audit: Audit):
    forged = change(audit.token())

    for what, more in (("view", {}), ("decide", {"decision": "approve", "subject_digest": "0" * 64})):
        assert (asks(what, forged, **more).status, asks(what, forged, **more).code) == (403, "ReviewLinkForged")


def test_the_signature_of_one_link_is_no_good_for_another(audit: Audit):
    first, second = audit.token(), audit.token()

    assert asks("view", f"{second.partition('.')[0]}.{first.partition('.')[2]}").code == "ReviewLinkForged"


def test_a_link_of_another_milestone_decides_nothing_here(audit: Audit):
    other = Audit(audit.review, audit.review.submits(layer(**AUDIT), acceptance="manager", amount_minor_units=700))
    here, there = audit.token(), other.token()
    digest = asks("view", here).body["subject_digest"]
    mixed = f"{here.partition('.')[0]}.{there.partition('.')[2]}"

    assert asks("decide", mixed, decision="approve", subject_digest=digest).code == "ReviewLinkForged"
    assert asks("decide", there, decision="approve", subject_digest=digest).code == "SubjectChanged"
    assert decides(there).status == 200
    assert [each.layer()["status"] for each in (audit, other)] == ["open", "approved"]


def test_a_link_is_good_until_the_instant_it_ends(audit: Audit, time: Any):
    token = audit.token(valid_days=1)
    time.shift(24 * 3600 - 1)
    assert asks("view", token).status == 200
    time.shift(1)

    assert asks("view", token).status == 410


@pytest.mark.parametrize("days", [0, 15])
def test_a_link_is_good_for_fourteen_days_at_most(days: int, audit: Audit):
    assert audit.links(valid_days=days).status == 422


def test_a_newer_link_a_recall_and_a_seat_that_is_given_away_end_a_link(audit: Audit):
    first, ada = audit.token(), audit.review.ada
    second = audit.token()
    assert asks("view", first).status == 410
    seat, path = audit.layer()["seats"][0]["user_id"], f"/verifications/{audit.layer()['verification_id']}/reassign"
    somebody = audit.review.verifiers[0]
    assert ada.post(path, {"user_id": somebody.user_id, "instead_of": seat}).status == 200
    assert asks("view", second).status == 410
    assert audit.links().code == "SeatNotFound"
    other = Audit(audit.review, audit.review.submits(layer(**AUDIT)))
    token = other.token()
    audit.review.ben.post(f"{other.milestone}/recall")

    assert asks("view", token).status == 410


def test_evidence_that_comes_meanwhile_is_to_be_seen_first(audit: Audit):
    token = audit.token()
    digest = asks("view", token).body["subject_digest"]
    audit.review.ben.post(f"{audit.milestone}/evidence/links", {"url": "https://example.org/1"})

    assert asks("decide", token, decision="approve", subject_digest=digest).code == "SubjectChanged"
    assert decides(token).status == 200


def test_managers_make_links_and_not_those_whose_milestone_it_is(pepper: str, review: Review):
    audit = Audit(review, review.submits(layer(**AUDIT)))
    assert audit.links(review.verifiers[0]).code == "RoleRequired"
    review.ada.brings(review.project, review.ben, "manager")
    assert audit.links(review.ben).code == "SeparationOfDuties"
    assert audit.links(address="nobody@example.com").code == "SeatNotFound"
    assert audit.links(address="no address").status == 422
    token = audit.token()
    decides(token)

    assert audit.links().code == "LayerClosed"


def test_the_link_itself_is_answered_once(audit: Audit):
    path = f"/verifications/{audit.layer()['verification_id']}/links"
    first = audit.review.ada.post(path, {"address": MARY["address"]}, key="link")
    again = audit.review.ada.post(path, {"address": MARY["address"]}, key="link")

    assert first.body["url"].startswith("https://")
    assert again.body == first.body | {"url": None}


def test_no_get_or_head_decides(audit: Audit):
    token = audit.token()
    for method in ("GET", "HEAD"):
        for what in ("view", "decide"):
            path = f"/api/v1/review-links/{what}"
            assert call(api.handler, api.api, http_event(method, path, query=f"token={token}")).status == 405

    assert audit.layer()["status"] == "open"
    assert asks("view", token).status == 200


def test_the_token_is_in_no_log_event_or_item_and_the_address_in_no_event(
    audit: Audit, capsys: pytest.CaptureFixture[str]
):
    token = audit.token()
    decides(token)
    asks("view", token)
    signature = token.partition(".")[2]
    items = everything()
    told = [item for item in items if item.get("entity") in {"Event", "HistoryEntry"}]

    assert signature not in capsys.readouterr().out
    assert signature not in json.dumps(items, default=str)
    assert "example.com" not in json.dumps(told, default=str).lower()
    assert told


def everything() -> list[dict[str, Any]]:
    return [readable(item) for item in table_in_process.everything()]


def happened(audit: Audit, what: str) -> Event:
    """Return what happened to the layer."""
    place = milestones.history(audit.review.ada.tenant_id, audit.milestone.rpartition("/")[2])
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    return next(each for each in found if each.event_type == f"projects.layer.{what}")


def test_a_seat_from_outside_is_not_struck_for_being_nobody_of_the_tenant(audit: Audit):
    telling.follow(happened(audit, "opened"))

    assert [each["is_struck"] for each in audit.layer()["seats"]] == [False]


def test_a_link_is_mailed_once_to_whom_it_is_for(audit: Audit, sender: None):
    token = audit.token()
    telling.follow(happened(audit, "linked"))
    [mailed] = codes.sent()

    assert "mary@example.com" in str(mailed.destinations)
    assert token in codes.as_read().get_content().replace("=\n", "")


def test_a_mail_that_is_throttled_goes_out_with_the_next_try(audit: Audit, sender: None):
    token = audit.token()
    linked = happened(audit, "linked")
    with troubles.throttling("ses"):
        failed = consumers.handler(delivered([linked]), Context())
    assert len(failed["batchItemFailures"]) == 1
    assert codes.sent() == []
    telling.follow(linked)

    assert token in codes.as_read().get_content().replace("=\n", "")


def test_a_link_that_is_needed_no_more_is_not_mailed(audit: Audit, sender: None):
    decides(audit.token())
    telling.follow(happened(audit, "linked"))

    assert codes.sent() == []


def test_without_a_sender_the_link_is_good_and_nothing_is_mailed(audit: Audit):
    token = audit.token()
    telling.follow(happened(audit, "linked"))

    assert asks("view", token).status == 200


def test_a_policy_asks_nobody_from_outside_for_a_second_factor(review: Review):
    policy = {"layers": [layer(**AUDIT, require_second_factor=True)]}
    refused = review.ada.post(
        f"{review.project}/project-milestones",
        {"title": "Mill", "kind": "custom", "verification_policy": policy},
    )

    assert refused.status == 422


def test_graphql_makes_a_link_as_rest_does(audit: Audit):
    made = audit.review.ada.ask(
        "createReviewLink", verificationId=audit.layer()["verification_id"], address=MARY["address"]
    )

    assert asks("view", made.data["url"].partition("#")[2]).status == 200
