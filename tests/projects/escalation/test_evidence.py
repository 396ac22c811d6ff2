"""Evidence of a milestone under review that is escalated: what layers decide on stays as they saw it."""

from tests.projects.escalation.asking import asks, raises
from tests.projects.verification.review import Review, layer

LINK = {"url": "https://example.org/drawings"}


def test_what_layers_decide_on_is_kept_while_it_is_escalated(review: Review):
    milestone = review.begins(layer())
    piece = review.ben.post(f"{milestone}/evidence/links", LINK).body["evidence_id"]
    review.ben.post(f"{milestone}/complete")
    raises(review.ada, milestone, blocks_work=True)
    refused = review.ben.delete(f"/evidence/{piece}")

    assert (refused.status, refused.code) == (409, "UnderReview")


def test_nobody_has_approved_evidence_that_came_while_it_was_escalated(review: Review):
    milestone = review.submits(layer(mode="all"))
    escalation = raises(review.ada, milestone, blocks_work=True)
    before = review.layers(milestone)[0]
    assert review.decides(review.verifiers[0], before).status == 200
    assert review.ben.post(f"{milestone}/evidence/links", LINK).status == 201
    after = review.layers(milestone)[0]
    asks(review.ada, escalation, "resolve")

    assert [each["is_withdrawn"] for each in after["decisions"]] == [True]
    assert after["subject_digest"] != before["subject_digest"]
    assert review.decides(review.verifiers[1], before).code == "SubjectChanged"
    assert review.ada.status(milestone) == "completed"
