"""What SES says of the mail with an invoice, and how whoever has sent it learns it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
import time_machine

from functions.payments.papers import consumers, mailing
from shared.callers import mailboxes
from shared.sending import mail
from shared.storage import events, table
from shared.storage.writes import Delete, Put
from tests.aws import troubles
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.identity.codes import challenged as codes
from tests.payments.invoicing import CLIENT, TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("filed")
CLIENTS, ADAS = "accounts@society.example", "ada@example.com"
DONE: dict[str, Any] = {"batchItemFailures": []}


@pytest.fixture(autouse=True)
def _sender(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        yield
    mail.client.cache_clear()


@pytest.fixture
def firm(ada: Person) -> Firm:
    place = mailboxes.key(ada.user_id)
    table.transact([Put({"PK": place.pk, "SK": place.sk, "entity": "User", "email": ADAS})])
    found = Firm.opened(ada, **TERMS)
    assert ada.patch(found.project, {"client": CLIENT | {"email": CLIENTS}}).status == 200
    return found


@pytest.fixture
def path(firm: Firm) -> str:
    """An invoice that was mailed."""
    made = f"/invoices/{firm.issues(firm.verified(31_250_000))['invoice_id']}"
    sends(firm, made)
    return made


def sends(firm: Firm, path: str) -> None:
    assert firm.purse().rest("POST", f"{path}/send", query="again=true").status == 202
    (*_, asked) = happened(firm, path, "send_requested")
    assert consumers.handler(delivered([asked]), Context()) == DONE


def happened(firm: Firm, path: str, what: str) -> list[Any]:
    place = f"TENANT#{firm.ada.tenant_id}#INV#{path.rpartition('/')[2]}"
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    return [each for each in found if each.event_type == f"payments.invoice.{what}"]


def bounces(path: str, number: int = 1, kind: str = "Permanent") -> dict[str, Any]:
    about = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": CLIENTS}]}
    return said(path, number, "Bounce", bounce=about | {"timestamp": "2026-11-20T12:00:00.000Z"})


def complains(path: str) -> dict[str, Any]:
    about = {"complainedRecipients": [{"emailAddress": CLIENTS}], "timestamp": "2026-11-20T12:00:00.000Z"}
    return said(path, 1, "Complaint", complaint=about)


def said(path: str, number: int, kind: str, **more: Any) -> dict[str, Any]:
    """Have the consumer told by SES of the mail of a sending; return what it answers."""
    label = mailing.label(path.rpartition("/")[2], number)
    sent = {"source": f"no-reply+{label.context}.{label.send_id}@milepost.example", "destination": [CLIENTS]}
    return consumers.handler(batch([json.dumps({"notificationType": kind, "mail": sent, **more})]), Context())


def sending(firm: Firm, path: str) -> tuple[int, str]:
    shown = firm.get(path).body["sending"]
    assert "is_notice_due" not in shown
    return shown["number"], shown["status"]


def notices() -> list[Any]:
    return [each for each in codes.sent() if ADAS in str(each.destinations)]


@pytest.mark.parametrize(("says", "status"), [(bounces, "bounced"), (complains, "complained")])
def test_the_invoice_shows_it_and_whoever_sent_it_is_told_once(firm: Firm, path: str, says: Any, status: str):
    assert [says(path), says(path)] == [DONE, DONE]

    assert sending(firm, path) == (1, status)
    [event] = happened(firm, path, status)
    assert (event.data["sending"], CLIENTS in str(event.data)) == (1, False)
    [notice] = notices()
    assert "INV-202611-0001" in notice.raw_data


def test_a_bounce_that_may_be_an_automatic_answer_changes_nothing(firm: Firm, path: str):
    assert bounces(path, kind="Transient") == DONE

    assert sending(firm, path) == (1, "sent")
    assert notices() == []


def test_a_bounce_of_an_earlier_mail_changes_nothing_of_the_latest(firm: Firm, path: str):
    sends(firm, path)
    assert bounces(path, number=1) == DONE

    assert (sending(firm, path), notices()) == ((2, "sent"), [])


def test_what_bounced_is_sent_again_when_somebody_says_so(firm: Firm, path: str):
    bounces(path)
    assert firm.post(f"{path}/send").code == "InvoiceSent"
    sends(firm, path)

    assert sending(firm, path) == (2, "sent")


def test_a_notice_that_is_not_taken_comes_with_the_next_try(firm: Firm, path: str):
    with troubles.throttling("ses"):
        assert bounces(path) != DONE
    assert (sending(firm, path), notices()) == ((1, "bounced"), [])
    assert bounces(path) == DONE

    assert len(notices()) == 1
    assert len(happened(firm, path, "bounced")) == 1


def test_nobody_is_told_who_is_gone(firm: Firm, path: str):
    table.transact([Delete(mailboxes.key(firm.ada.user_id))])
    assert bounces(path) == DONE

    assert (sending(firm, path), notices()) == ((1, "bounced"), [])


@pytest.mark.parametrize("name", ["inv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE_1", "inv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "inv_1"])
def test_what_is_about_no_mail_of_ours_is_let_pass(aws: None, name: str):
    about = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": []}
    told = {"notificationType": "Bounce", "bounce": about | {"timestamp": "2026-11-20T12:00:00.000Z"}}
    sent = {"source": f"no-reply+payments.{name}@milepost.example", "destination": [CLIENTS]}

    assert consumers.handler(batch([json.dumps({**told, "mail": sent})]), Context()) == DONE
