"""Answers that are lost, processes that end in the middle, and what is never written down."""

from typing import Any

import pytest

from functions.audience.activity import recounts
from functions.audience.leads import leads
from tests.audience.people import Person, results
from tests.aws.troubles import losing_answers

ORDER = {"order_id": "o", "amount_minor_units": 5, "currency": "EUR", "ordered_at": "2026-11-01T10:00:00Z"}
ROWS: list[dict[str, Any]] = [{"emails": [f"{number}@example.org"], "name": "A"} for number in range(80)]


@pytest.mark.parametrize("takes_effect", [True, False])
def test_an_import_whose_answer_is_lost_has_one_effect_when_it_is_sent_again(ada: Person, *, takes_effect: bool):
    ada.get("/leads", "email=a@example.org")
    ada.imports({"external_id": "first"})
    with losing_answers("TransactWriteItems", takes_effect=takes_effect):
        lost = ada.post("/leads/bulk", {"rows": ROWS}, key="importing")
    again = ada.imports(*ROWS, key="importing")
    found, _ = leads.page(ada.tenant_id, limit=100, cursor=None)

    assert lost.status == 503
    assert results(again) == ["inserted"] * 80
    assert len(found) == 81
    assert results(ada.imports(*ROWS)) == ["unchanged"] * 80


@pytest.mark.parametrize("takes_effect", [True, False])
def test_an_order_whose_answer_is_lost_counts_once_when_it_is_sent_again(ada: Person, *, takes_effect: bool):
    lead = ada.creates(external_id="a")
    path = f"/leads/{lead['lead_id']}/orders"
    with losing_answers("TransactWriteItems", takes_effect=takes_effect):
        lost = ada.post(path, ORDER)
    again = ada.post(path, ORDER)
    stored = leads.get(ada.tenant_id, lead["lead_id"])

    assert (lost.status, again.status) == (503, 201)
    assert (stored.orders, stored.order_spend) == (1, 5)
    assert recounts.count(stored) == stored


def test_who_a_lead_is_is_in_no_log(ada: Person, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture):
    private = ["ada@example.org", "+442079460958", "Lovelace", "crm-1"]
    lead = ada.creates(emails=private[:1], phones=private[1:2], name=private[2], external_id=private[3])
    ada.get("/leads", "email=ada@example.org")
    ada.post("/leads", {"emails": private[:1]})
    ada.imports({"emails": [*private[:1], "no address"], "name": private[2]})
    ada.delete(f"/leads/{lead['lead_id']}")
    told = "".join(capsys.readouterr()) + caplog.text

    assert '"operation":"create_lead"' in told
    assert [text for text in private if text in told] == []
