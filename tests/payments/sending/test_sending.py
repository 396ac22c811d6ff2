"""Invoices mailed to their clients: once, with their PDF, and again only when somebody asks for it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import boto3
import pytest
import time_machine

from functions.payments.papers import consumers
from functions.payments.sending import requesting
from shared import config
from shared.errors import Unavailable
from shared.sending import mail
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws import troubles
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.identity.codes import challenged as codes
from tests.payments.invoicing import CLIENT, SELLER, TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("filed")
ADDRESS = "accounts@society.example"


@pytest.fixture(autouse=True)
def sender(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage an address to send e-mail from."""
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    yield
    mail.client.cache_clear()


@pytest.fixture(autouse=True)
def time() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def firm(ada: Person) -> Firm:
    found = Firm.opened(ada, **TERMS)
    assert ada.patch(found.project, {"client": CLIENT | {"email": ADDRESS}}).status == 200
    seller = SELLER | {"email": "billing@analytical.example"}
    assert found.purse("admin").rest("PATCH", "/payment-settings", {"seller": seller}).status == 200
    return found


@pytest.fixture
def path(firm: Firm) -> str:
    return issued(firm)


def issued(firm: Firm, **asked: Any) -> str:
    return f"/invoices/{firm.issues(firm.verified(31_250_000), **asked)['invoice_id']}"


def happened(firm: Firm, path: str, what: str = "") -> list[Event]:
    """Return what has happened to the sending of an invoice."""
    place = f"TENANT#{firm.ada.tenant_id}#INV#{path.rpartition('/')[2]}"
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    return [each for each in found if each.event_type.startswith("payments.invoice.sen") and what in each.event_type]


def told(firm: Firm, path: str, *, receives: int = 1) -> bool:
    """Deliver the latest request, and return whether it was handled."""
    message = delivered(happened(firm, path, "send_requested")[-1:])
    for record in message["Records"]:
        record["attributes"]["ApproximateReceiveCount"] = str(receives)
    return consumers.handler(message, Context()) == {"batchItemFailures": []}


def sending(firm: Firm, path: str) -> tuple[Any, ...]:
    shown = firm.get(path).body
    return (shown["sending"]["number"], shown["sending"]["status"], shown["sending"]["reason"], shown["sent_at"])


def read() -> EmailMessage:
    return codes.as_read()


def test_an_invoice_is_mailed_once_with_its_pdf(firm: Firm, path: str):
    asked = firm.post(f"{path}/send", key="k")
    assert (asked.status, asked.body["sending"]["status"], asked.body["sent_at"]) == (202, "waiting", None)
    assert all(told(firm, path, receives=each) for each in (1, 1, 2))
    [mailed] = codes.sent()
    text, paper = read().iter_parts()

    assert ADDRESS in str(mailed.destinations)
    assert (read()["Subject"], read()["Reply-To"]) == (
        "Invoice INV-202611-0001 from Analytical Engines Ltd",
        "billing@analytical.example",
    )
    assert "EUR 331,875.00 by 2026-12-20" in text.get_content()
    assert (paper.get_content_type(), paper.get_filename()) == ("application/pdf", "INV-202611-0001.pdf")
    shown = firm.get(f"{path}/pdf").body
    bucket = boto3.client("s3").list_objects_v2(Bucket=config.files_bucket(), Prefix="papers/")["Contents"]
    stored = boto3.client("s3").get_object(Bucket=config.files_bucket(), Key=bucket[0]["Key"])["Body"].read()
    assert (paper.get_content(), shown["size_bytes"]) == (stored, len(stored))
    assert sending(firm, path) == (1, "sent", None, "2026-11-20T12:00:00.000Z")
    assert [each.event_type.rpartition(".")[2] for each in happened(firm, path)] == ["send_requested", "sent"]
    assert firm.post(f"{path}/send", key="k").body == asked.body


def test_it_is_sent_again_when_somebody_says_so(firm: Firm, path: str, time: Any):
    firm.post(f"{path}/send")
    assert firm.post(f"{path}/send").code == "InvoiceOnItsWay"
    assert firm.purse().rest("POST", f"{path}/send", query="again=true").code == "InvoiceOnItsWay"
    told(firm, path)
    assert firm.post(f"{path}/send").code == "InvoiceSent"
    for number in range(2, requesting.MOST + 1):
        assert firm.purse().rest("POST", f"{path}/send", query="again=true").body["sending"]["number"] == number
        told(firm, path)

    assert len(codes.sent()) == requesting.MOST
    assert firm.purse().rest("POST", f"{path}/send", query="again=true").body["code"] == "SentTooOften"


def test_one_that_hangs_may_be_asked_for_again_after_an_hour(firm: Firm, path: str, time: Any):
    firm.post(f"{path}/send")
    late = happened(firm, path, "send_requested")
    time.shift(timedelta(hours=1))
    assert firm.purse().rest("POST", f"{path}/send", query="again=true").status == 202
    assert consumers.handler(delivered(late), Context()) == {"batchItemFailures": []}
    assert codes.sent() == []
    told(firm, path)

    assert len(codes.sent()) == 1


def test_a_mail_that_is_throttled_goes_out_with_the_next_try(firm: Firm, path: str):
    firm.post(f"{path}/send")
    with troubles.throttling("ses"):
        assert not told(firm, path)
    assert (codes.sent(), sending(firm, path)[1]) == ([], "waiting")
    assert told(firm, path, receives=2)

    assert (len(codes.sent()), sending(firm, path)[1]) == (1, "sent")


def test_after_the_last_try_it_is_refused(firm: Firm, path: str):
    firm.post(f"{path}/send")
    with troubles.throttling("ses"):
        assert told(firm, path, receives=8)

    assert sending(firm, path)[:2] == (1, "refused")
    assert [each.data["reason"] for each in happened(firm, path, "send_failed")] == ["refused"]


@pytest.mark.parametrize("takes_effect", [True, False])
def test_an_answer_that_is_lost_sends_no_second_mail(firm: Firm, path: str, *, takes_effect: bool):
    firm.post(f"{path}/send")
    with troubles.losing_answers("SendRawEmail", takes_effect=takes_effect):
        assert told(firm, path)
    assert all(told(firm, path, receives=each) for each in (2, 3))

    assert len(codes.sent()) == takes_effect
    assert sending(firm, path)[1:] == ("unknown", "ReadTimeoutError", None)
    assert firm.purse().rest("POST", f"{path}/send", query="again=true").status == 202


def test_wherever_it_dies_no_second_mail_goes_out(firm: Firm):
    ended, before = set[str](), 0
    for number in range(1, 20):
        path = issued(firm)
        firm.post(f"{path}/send")
        with troubles.dying_at(number, takes_effect=True) as made, suppress(Unavailable):
            told(firm, path)
        for receives in (2, 3):
            assert told(firm, path, receives=receives), number
        sent, before = len(codes.sent()) - before, len(codes.sent())
        status = sending(firm, path)[1]

        assert (sent, status) in [(1, "sent"), (1, "unknown"), (0, "unknown")], number
        ended.add(status)
        if len(made) < number:
            break

    assert ended == {"sent", "unknown"}
    assert (len(made) < number, status) == (True, "sent")


def test_what_has_no_client_to_be_sent_to_is_refused(firm: Firm, ada: Person):
    draft = issued(firm, draft=True)
    cancelled = issued(firm)
    firm.post(f"{cancelled}/cancel", {"reason": "The order was withdrawn."})
    path = issued(firm)
    ada.patch(firm.project, {"client": CLIENT | {"email": "not an address"}})
    refused = [firm.post(f"{each}/send") for each in (draft, cancelled, path)]
    without = issued(Firm.opened(ada, **TERMS))

    assert [each.status for each in refused] == [409] * 3
    assert [each.code for each in refused] == ["InvoiceNotSendable", "InvoiceNotSendable", "BuyerWithoutEmail"]
    assert firm.post(f"{without}/send").code == "BuyerWithoutEmail"


def test_one_that_is_cancelled_on_its_way_is_not_mailed(firm: Firm, path: str):
    firm.post(f"{path}/send")
    assert firm.post(f"{path}/cancel", {"reason": "The order was withdrawn."}).status in (200, 201)
    told(firm, path)

    assert (codes.sent(), sending(firm, path)[1:3]) == ([], ("refused", "cancelled"))


def test_managers_and_finance_send(firm: Firm, path: str, ada: Person):
    client, finance = (ada.brings(firm.project, ada.colleague(), role) for role in ("client", "finance"))
    by_client = firm.purse(somebody=client).rest("POST", f"{path}/send")
    by_nobody = firm.purse(somebody=ada.colleague()).rest("POST", f"{path}/send")

    assert (by_client.body["code"], by_nobody.body["code"]) == ("FinanceRequired", "InvoiceNotFound")
    assert firm.purse(somebody=finance).rest("POST", f"{path}/send").status == 202


def test_a_stage_without_a_sender_refuses_it(firm: Firm, path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAIL_SENDER", "")
    firm.post(f"{path}/send")
    told(firm, path)

    assert sending(firm, path)[:3] == (1, "refused", "no_sender")


def test_a_field_sends_too(firm: Firm, path: str):
    made = firm.purse().ask("sendInvoice", invoiceId=path.rpartition("/")[2]).data

    assert (made["sending"]["status"], made["sending"]["to"]) == ("waiting", ADDRESS)
