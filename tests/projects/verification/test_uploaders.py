"""That nobody decides on a milestone whose evidence they brought."""

from typing import Any

import pytest

from functions.projects.verification import deciding
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer


def brings_a_link(somebody: Person, milestone: str) -> str:
    """Have somebody who works on a milestone bring a link as evidence; return its id."""
    made = somebody.post(f"{milestone}/evidence/links", {"url": f"https://example.org/{somebody.user_id}"})
    assert made.status == 201, made.body
    return str(made.body["evidence_id"])


def test_who_brought_evidence_has_no_seat(review: Review):
    milestone = review.begins(layer(mode="all"))
    review.ada.assigns(milestone, review.verifiers[0], "secondary")
    brings_a_link(review.verifiers[0], milestone)
    review.ben.post(f"{milestone}/complete")
    [only] = review.layers(milestone)

    refused = review.decides(review.verifiers[0], only)

    assert refused.code == "SeparationOfDuties"
    assert "brought its evidence" in refused.body["detail"]
    assert [review.decides(each, only).status for each in review.verifiers[1:]] == [200, 200]
    assert review.statuses(milestone) == ["approved"]


def test_who_brings_evidence_to_an_open_layer_does_not_decide_in_it_unless_it_goes_or_the_policy_allows_it(
    review: Review,
):
    milestone = review.submits(layer(1), layer(2, separation_of_duties=False))
    cleo = review.verifiers[0]
    review.ada.assigns(milestone, cleo, "secondary")
    evidence = brings_a_link(cleo, milestone)
    assert review.decides(cleo, review.layers(milestone)[0]).code == "SeparationOfDuties"
    review.ben.post(f"{milestone}/recall")
    assert cleo.delete(f"/evidence/{evidence}").status == 204
    review.ben.post(f"{milestone}/complete")
    assert review.decides(cleo, review.layers(milestone, attempt=2)[0]).status == 200
    brings_a_link(cleo, milestone)

    assert review.decides(cleo, review.layers(milestone, attempt=2)[1]).status == 200


def test_evidence_that_comes_while_its_uploader_decides_keeps_them_from_it(
    review: Review, monkeypatch: pytest.MonkeyPatch
):
    milestone = review.submits(layer())
    cleo = review.verifiers[0]
    review.ada.assigns(milestone, cleo, "secondary")
    [only] = review.layers(milestone)
    once = iter([lambda: brings_a_link(cleo, milestone)])
    decided = deciding.decided

    def slowly(*given: Any, **named: Any) -> Any:
        next(once, lambda: None)()
        return decided(*given, **named)

    monkeypatch.setattr(deciding, "decided", slowly)

    assert review.decides(cleo, only).code == "SeparationOfDuties"
    assert review.statuses(milestone) == ["open"]
