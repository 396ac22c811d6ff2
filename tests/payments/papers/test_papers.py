"""Documents through the door: asked for, made once, and fetched by those who see the money of the project."""

import hashlib
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import boto3
import pytest

from functions.payments.papers import consumers, making, papers
from functions.payments.papers.papers import Document
from shared import config
from shared.errors import Unavailable
from shared.storage import events, files, table
from tests.aws import troubles
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.payments.invoicing import TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time", "filed")
REASON = {"reason": "The order was withdrawn."}


def issued(firm: Firm, **asked: Any) -> str:
    """Issue an invoice, and return its path."""
    return f"/invoices/{firm.issues(firm.verified(31_250_000), **asked)['invoice_id']}"


def told(firm: Firm, path: str) -> None:
    """Deliver the events of an invoice twice, as a queue may."""
    place = f"TENANT#{firm.ada.tenant_id}#INV#{path.rpartition('/')[2]}"
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    made = [each for each in found if each.event_type in ("payments.invoice.issued", "payments.invoice.credited")]
    for _ in range(2):
        assert consumers.handler(delivered(made), Context()) == {"batchItemFailures": []}


def stored() -> list[bytes]:
    """Return the documents that are in the bucket."""
    s3, bucket = boto3.client("s3"), config.files_bucket()
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"{papers.PURPOSE}/").get("Contents", [])
    return [s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in found]


def test_a_pdf_is_made_after_the_issue_once_and_fetched_at_an_address_for_five_minutes(ada: Person):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    told(firm, path)
    answered = firm.get(f"{path}/pdf")

    assert answered.status == 200, answered.body
    [body] = stored()
    assert body.startswith(b"%PDF-")
    shown = answered.body
    assert (shown["is_ready"], shown["file_name"], shown["pages"]) == (True, "INV-202611-0001.pdf", 1)
    assert (shown["sha256"], shown["size_bytes"]) == (hashlib.sha256(body).hexdigest(), len(body))
    asked = parse_qs(urlsplit(shown["url"]).query)
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["response-content-disposition"] == ["attachment; filename*=UTF-8''INV-202611-0001.pdf"]
    assert asked["response-content-type"] == ["application/pdf"]


def test_one_that_is_not_made_yet_is_asked_for(ada: Person, filed: str):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    waiting = firm.get(f"{path}/pdf")
    assert (waiting.status, waiting.body["is_ready"], waiting.body["url"]) == (202, False, None)
    assert waiting.headers["Retry-After"] == "2"

    [message] = boto3.client("sqs").receive_message(QueueUrl=filed)["Messages"]
    assert json.loads(message["Body"]) == {"tenant_id": ada.tenant_id, "invoice_id": path.rpartition("/")[2]}
    assert consumers.handler(batch([message["Body"]]), Context()) == {"batchItemFailures": []}
    assert firm.get(f"{path}/pdf").status == 200


def test_credit_notes_have_documents_too(ada: Person):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    note = firm.post(f"{path}/credit-notes", REASON).body
    told(firm, path)
    of_note = f"{path}/credit-notes/{note['credit_note_id']}"

    assert firm.get(f"{of_note}/pdf").body["file_name"] == "CN-202611-0001.pdf"
    assert "Corrects invoice" in firm.get(f"{of_note}/html").body
    assert len(stored()) == 2
    for missing in ("crn_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "note"):
        assert firm.get(f"{path}/credit-notes/{missing}/pdf").code == "CreditNoteNotFound"


def test_a_draft_has_a_preview_and_no_document(ada: Person):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm, draft=True)

    assert firm.get(f"{path}/pdf").code == "DraftWithoutDocument"
    assert firm.get(f"{path}/html").code == "DraftWithoutDocument"
    making.make(Document(ada.tenant_id, path.rpartition("/")[2]))
    assert stored() == []


def test_a_page_cannot_run_anything(ada: Person):
    firm = Firm.opened(ada, **TERMS)
    shown = firm.get(f"{issued(firm, note='<script>alert(1)</script>')}/html")

    assert shown.status == 200
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert shown.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; style-src 'sha256-")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script" not in shown.body
    assert "&lt;script&gt;" in shown.body


def test_only_those_who_see_the_money_get_a_document(ada: Person, eve: Person):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    client = firm.purse(somebody=ada.brings(firm.project, ada.colleague(), "client"))
    viewer = firm.purse(somebody=ada.brings(firm.project, ada.colleague(), "viewer"))

    for what, status in (("pdf", 202), ("html", 200)):
        assert client.get(f"{path}/{what}").status == status
        for somebody in (viewer, firm.purse(somebody=eve)):
            assert somebody.get(f"{path}/{what}").code == "InvoiceNotFound"


@pytest.mark.parametrize("ending", ["pdf", "html", "xml"])
def test_an_id_with_an_ending_leads_to_that_document(ada: Person, ending: str):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    with troubles.counting() as of_no_invoice:
        firm.get("/invoices/unknown")
    with troubles.counting() as calls:
        redirect = firm.get(f"{path}.{ending}")
    # As a client resolves it, wherever the path begins (RFC 3986, section 5.2).
    leads_to = urljoin(f"{path}.{ending}", redirect.headers["Location"])

    assert (redirect.status, redirect.body, leads_to) == (308, None, f"{path}/{ending}")
    assert calls == of_no_invoice
    assert firm.purse().rest("HEAD", f"{path}.{ending}").headers["Location"] == redirect.headers["Location"]
    assert not urlsplit(redirect.headers["Location"]).netloc


def test_an_ending_shows_no_more_than_the_address_of_the_document(ada: Person, eve: Person):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    stranger = firm.purse(somebody=eve)
    redirect = stranger.get(f"{path}.pdf")

    assert redirect.headers["Location"] == firm.get(f"{path}.pdf").headers["Location"]
    assert stranger.get(urljoin(f"{path}.pdf", redirect.headers["Location"])).code == "InvoiceNotFound"
    assert firm.purse().rest("GET", f"{path}.pdf", headers={"authorization": ""}).status == 401


@pytest.mark.parametrize(
    "named", ["{}.doc", "{}.PDF", "{}.", ".pdf", "{}.pdf.pdf", "inv_1.pdf", "pay_{}.pdf", "x:{}.pdf"]
)
def test_what_is_no_id_with_such_an_ending_leads_nowhere(ada: Person, named: str):
    firm = Firm.opened(ada, **TERMS)
    invoice_id = issued(firm).rpartition("/")[2]

    assert firm.get(f"/invoices/{named.format(invoice_id)}").code == "InvoiceNotFound"
    assert firm.purse().rest("DELETE", f"/invoices/{invoice_id}.pdf").code == "InvoiceNotFound"


def test_graphql_has_the_address_too(ada: Person):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    invoice_id = path.rpartition("/")[2]
    assert firm.purse().ask("invoicePaper", invoiceId=invoice_id).data["isReady"] is False
    told(firm, path)

    assert firm.purse().ask("invoicePaper", invoiceId=invoice_id).data["pages"] == 1


def test_the_preview_says_what_no_font_has_and_who_it_would_be_between(ada: Person):
    firm = Firm.opened(ada, **TERMS)
    ada.patch(firm.project, {"client": {"name": "شركة Ada"}})
    milestone = firm.verified(1000, title="Mill 🙂")
    asked = {"project_milestone_id": milestone.rpartition("/")[2], "note": "Ж 龙"}
    shown = firm.post("/invoices/preview", asked).body

    assert shown["buyer"]["name"] == "شركة Ada"
    assert shown["seller"]["name"] == "Analytical Engines Ltd"
    assert shown["unprintable"] == [
        {"field": "buyer", "characters": "شركة"},
        {"field": "lines.0", "characters": "🙂"},
    ]


@pytest.mark.parametrize("takes_effect", [False, True])
@pytest.mark.parametrize("at", range(1, 5))
def test_whoever_dies_at_any_call_leaves_one_document_in_the_end(ada: Person, at: int, takes_effect: object):
    firm = Firm.opened(ada, **TERMS)
    path = issued(firm)
    of = Document(ada.tenant_id, path.rpartition("/")[2])
    with suppress(Unavailable), troubles.dying_at(at, takes_effect=bool(takes_effect)):
        making.make(of)
    making.make(of)

    assert len(stored()) == 1
    assert files.find(str(table.get_many([papers.key(of)])[0]["place"])) is not None


def test_a_message_that_names_nothing_is_no_document():
    bodies = [{"tenant_id": "t", "invoice_id": "inv"}, {"tenant_id": "t"}]
    answered = consumers.handler(batch(json.dumps(each) for each in bodies), Context())

    assert len(answered["batchItemFailures"]) == 2
    assert stored() == []
