"""What is left of somebody from outside when the milestone that they were asked about goes: nothing that names them."""

from typing import Any

from tests.projects.erasing.erasing import ADDRESS, MARY, naming
from tests.projects.following import telling
from tests.projects.verification.review import Review, layer

AUDIT: dict[str, Any] = {"name": "Audit", "kind": "external_audit", "approvers": [{"external": MARY}]}


def test_no_item_names_them_once_the_milestone_is_deleted(review: Review, pepper: str):
    milestone = review.submits(layer(**AUDIT), acceptance="manager")
    (audit,) = review.layers(milestone)
    made = review.ada.post(f"/verifications/{audit['verification_id']}/links", {"address": ADDRESS})
    assert made.status == 201, made.body
    assert naming() != []
    review.ada.post(f"{milestone}/cancel", {"reason": "Not needed."})
    deleted = review.ada.delete(milestone)
    assert deleted.status == 204, deleted.body
    telling.follow(*[each for each in telling.of_milestone(review.ada, milestone) if "deleted" in each.event_type])

    assert naming() == []
