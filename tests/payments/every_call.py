"""Everything that can be asked of payments, asked once."""

import pytest

from functions.payments import payments
from functions.payments.escrow import waiting
from functions.payments.finding import consumers as feed
from functions.payments.following import retaining
from functions.payments.gateways import choosing, references
from functions.payments.gateways.told import Told
from functions.payments.ledger import entries
from functions.payments.papers import bouncing, mailing, making
from functions.payments.papers.papers import Document
from functions.payments.releases import consumers, process
from functions.payments.releases.webhooks import receiving
from functions.payments.reports import rebuilding
from functions.payments.schedules import running
from shared import clock, ids
from shared.sending.feedback import Feedback
from shared.storage import table
from tests.aws.buckets import make_files_bucket
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.payments import queue
from tests.payments.invoicing import CLIENT, SELLER, TERMS, Firm
from tests.payments.ledger.keeping import Ledger
from tests.payments.people import Person
from tests.payments.settled import has_project
from tests.projects import team
from tests.webhooks.people import stored_events


def every_payment_call(ada: Person) -> None:
    """Use every operation of payments, and what its changes post."""
    deposit(ada)
    keep(Ledger(ada.tenant_id))
    for read in ("accounts", "trial-balance", "entries", "accounts/receivable/statement"):
        ada.get(f"/ledger/{read}", "currency=EUR")
    every_invoice_call(ada)
    keep_back(ada)
    write_down(ada)
    mail(ada)
    every_release_call(ada)
    draw(ada)
    for read in ("outstanding", "outstanding/clients", "inflow", "days-to-paid"):
        ada.get(f"/reports/{read}", "currency=EUR")
    rebuilding.rebuild(ada.tenant_id)
    every_financing_call(ada)


def every_payee_call(ada: Person, ben: Person) -> None:
    """Propose, confirm and withdraw where money goes."""
    sent = {"name": "Analytical Engines Ltd"}
    proposed = ada.rest("PUT", "/payment-payee", sent).body["proposed"]
    ben.rest("POST", "/payment-payee/confirm", {"proposal_id": proposed["proposal_id"]})
    ben.rest("POST", "/payment-payee/withdraw")
    ada.get("/payment-payee")


def every_release_call(ada: Person) -> None:
    """Use every operation of payments that moves money, and have the process do its part."""
    person = team.Person(ada.user_id, ada.tenant_id, ada.issuer, ada.role)
    firm = Firm.opened(person, **TERMS)
    dana = firm.purse("admin", somebody=person.brings(firm.project, person.colleague(), "finance"))
    every_payee_call(ada, firm.purse("admin", somebody=person.colleague()))
    milestone = firm.verified(1000)
    made, other = (f"/payments/{firm.issues(milestone, percentage=each)['payment_id']}" for each in ("50", "50"))
    split = {"release_minor_units": 0, "refund_minor_units": 0, "resolution": "It is there."}
    for path, sent in (
        (f"{made}/hold", {"reason": "A wheel less."}),
        (f"{made}/resume", None),
        (f"{made}/release", None),
        (f"{made}/retry", None),
        (f"{made}/confirm", {"is_made": True}),
        (f"{other}/dispute", {"reason": "A wheel less."}),
        (f"{other}/dispute/resolve", split),
    ):
        dana.rest("POST", path, sent)
    process.advance(ada.tenant_id, made.rpartition("/")[2], choosing.gateway)
    every_webhook(ada.tenant_id, made.rpartition("/")[2])
    dana.rest("POST", f"{made}/refund", {"reason": "A wheel less.", "amount_minor_units": 1})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAYMENTS_QUEUE_URL", queue.QUEUE)
        consumers.handler({"action": "sweep"}, Context())
    of_project = f"project_id={firm.project.rpartition('/')[2]}"
    for read, query in (("/payments", ""), ("/payments", "status=invoiced"), ("/payments", of_project), (made, "")):
        dana.get(read, query)


def every_financing_call(ada: Person) -> None:
    """Use every operation of financing requests."""
    person = team.Person(ada.user_id, ada.tenant_id, ada.issuer, ada.role)
    firm = Firm.opened(person, **TERMS)
    dana = firm.purse("admin", somebody=person.brings(firm.project, person.colleague(), "finance"))
    milestone, other = firm.verified(1000), firm.verified(1000)
    invoice = firm.issues(other)["invoice_id"]
    asked = {"amount_minor_units": 800, "currency": "EUR", "yearly_percent": "12", "instalment_count": 2}
    on = {"project_milestone_ids": [milestone.rpartition("/")[2]], "invoice_ids": [invoice]}
    path = f"/financing-requests/{firm.purse().post('/financing-requests', {**asked, **on}).body['financing_id']}"
    dana.post(f"{path}/approve", {})
    dana.post(f"{path}/disburse")
    dana.post(f"{path}/repay", {"amount_minor_units": 100})
    dana.post(f"{path}/repay", {})
    dana.post(f"{path}/reject", {"reason": "The rate is too high."})
    for read in ("schedule", "statement"):
        dana.get(f"{path}/{read}")
    for read, query in ((path, ""), ("/financing-requests", ""), ("/financing-requests", "status=rejected")):
        dana.get(read, query)


def every_invoice_call(ada: Person) -> None:
    """Use every operation of invoices, their terms and settings, with a milestone for each way that they go."""
    person = team.Person(ada.user_id, ada.tenant_id, ada.issuer, ada.role)
    firm = Firm.opened(person, **TERMS)
    for read in ("/payment-settings", "/payment-terms"):
        ada.get(read)
    ada.rest("PATCH", "/payment-settings", {"seller": SELLER})
    planned = person.plans(firm.project, amount_minor_units=1000)
    ada.rest("PUT", f"{planned}/payment-terms", TERMS)
    ada.get(f"{planned}/payment-terms")
    milestone = firm.verified(1000)
    draft = f"/invoices/{_made(ada, milestone, draft=True, percentage='10')}"
    ada.rest("PATCH", draft, {"percentage": "20"})
    ada.rest("POST", f"{draft}/issue")
    ada.rest("POST", f"{draft}/record-payment", {"amount_minor_units": 1, "received_on": "2026-11-20"})
    ada.rest("POST", f"{draft}/send")
    ada.rest("DELETE", f"/invoices/{_made(ada, milestone, draft=True, percentage='10')}")
    ada.rest("POST", "/invoices/preview", {"project_milestone_id": milestone.rpartition("/")[2]})
    some = {"project_milestone_id": milestone.rpartition("/")[2], "percentage": "1"}
    for _ in range(2):
        ada.rest("POST", "/invoices/bulk", {"invoices": [some]}, headers={"idempotency-key": "several"})
    every_schedule_call(ada, milestone)
    credited = f"/invoices/{_made(ada, milestone, percentage='30')}"
    one = {"reason": "A wheel less.", "lines": [{"number": 1, "net_minor_units": 10}]}
    ada.rest("POST", f"{credited}/credit-notes", one)
    ada.rest("POST", f"{credited}/cancel", {"reason": "The order was withdrawn."})
    ada.get(f"{credited}/credit-notes")
    for read, query in (
        ("/invoices", ""),
        ("/invoices", "status=issued"),
        ("/invoices", f"project_id={firm.project.rpartition('/')[2]}"),
        (f"{milestone}/invoices", ""),
        (credited, ""),
    ):
        ada.get(read, query)


def every_schedule_call(ada: Person, milestone: str) -> None:
    """Use every operation of schedules, one of which is due at once."""
    milestone_id = milestone.rpartition("/")[2]
    draft = {"project_milestone_id": milestone_id, "every": "month", "percentage": "1"}
    made = ada.rest("POST", "/invoice-schedules", {**draft, "begins_on": _today()}).body
    schedule = f"/invoice-schedules/{made['invoice_schedule_id']}"
    running.run(ada.tenant_id, made["invoice_schedule_id"])
    ada.rest("PATCH", schedule, {"percentage": "2"})
    for read in ("/invoice-schedules", schedule):
        ada.get(read)
    ada.rest("DELETE", schedule)


def _today() -> str:
    return clock.to_rfc3339(clock.now())[:10]


def _made(ada: Person, milestone: str, **asked: object) -> str:
    made = ada.rest("POST", f"{milestone}/invoices", asked)
    assert made.status == 201, made.body
    return str(made.body["invoice_id"])


def keep_back(ada: Person) -> None:
    """Ask for the retention of an invoice before its project is completed, and have another invoiced after it."""
    person = team.Person(ada.user_id, ada.tenant_id, ada.issuer, ada.role)
    firm = Firm.opened(person, **{**TERMS, "auto_invoice": True})
    invoice_id = _made(ada, firm.verified(1000))
    ada.rest("POST", f"/invoices/{invoice_id}/retention")
    person.post(f"{firm.project}/complete")
    retaining.of_project(ada.tenant_id, firm.project.rpartition("/")[2])


def write_down(ada: Person) -> None:
    """Have documents made of an invoice and its credit note, and look at them."""
    firm = Firm.opened(team.Person(ada.user_id, ada.tenant_id, ada.issuer, ada.role), **TERMS)
    path = f"/invoices/{_made(ada, firm.verified(1000))}"
    note = ada.rest("POST", f"{path}/credit-notes", {"reason": "A wheel less.", "lines": [{"number": 1}]}).body
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILES_BUCKET", make_files_bucket())
        for note_id in (None, note["credit_note_id"]):
            making.make(Document(ada.tenant_id, path.rpartition("/")[2], note_id))
        for each in (path, f"{path}/credit-notes/{note['credit_note_id']}"):
            ada.get(f"{each}/pdf")
            ada.get(f"{each}/html")
            ada.get(f"{each}/xml")
    credited = [each for each in stored_events() if each.event_type == "payments.invoice.credited"]
    feed.handler(delivered(credited[:1]), Context())


def mail(ada: Person) -> None:
    """Have an invoice mailed, and hear what became of its mail."""
    person = team.Person(ada.user_id, ada.tenant_id, ada.issuer, ada.role)
    firm = Firm.opened(person, **TERMS)
    assert person.patch(firm.project, {"client": CLIENT | {"email": "accounts@society.example"}}).status == 200
    path = f"/invoices/{_made(ada, firm.verified(1000))}"
    assert ada.rest("POST", f"{path}/send").status == 202
    invoice_id = path.rpartition("/")[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILES_BUCKET", make_files_bucket())
        mailing.send(ada.tenant_id, invoice_id, 1, comes_again=False, is_last_try=True)
    bouncing.hear(Feedback("complaint", mailing.label(invoice_id, 1), frozenset(), clock.now()))


def deposit(ada: Person) -> None:
    """Deposit for a project, twice with the same key, and look at what is held."""
    project_id = has_project(ada)
    for _ in range(2):
        ada.post(f"/projects/{project_id}/deposits", {"amount_minor_units": 1000, "currency": "EUR"}, key="depositing")
    ada.post(f"/projects/{project_id}/deposits/return", {"amount_minor_units": 400, "reason": "It is over."})
    for somebody in (ada, ada.acting_as("member")):
        somebody.get(f"/projects/{project_id}/deposits")


def draw(ada: Person) -> None:
    """Have a payment of a project in escrow wait for a deposit, and go on when one is made."""
    person = team.Person(ada.user_id, ada.tenant_id, ada.issuer, ada.role)
    firm = Firm.opened(person, **TERMS)
    assert person.patch(firm.project, {"escrow": True}).status == 200
    dana = firm.purse("admin", somebody=person.brings(firm.project, person.colleague(), "finance"))
    payment = f"/payments/{firm.issues(firm.verified(1000))['payment_id']}"
    dana.rest("POST", f"{payment}/release")
    project_id, payment_id = firm.project.rpartition("/")[2], payment.rpartition("/")[2]
    process.advance(ada.tenant_id, payment_id, choosing.gateway)
    dana.post(f"{firm.project}/deposits", {"amount_minor_units": 5000, "currency": "EUR"})
    dana.get(f"{firm.project}/deposits")
    with queue.taken() as messages:
        waiting.wake(ada.tenant_id, project_id, queue_url=queue.QUEUE)
    assert [each["payment_id"] for each in messages] == [payment_id]
    process.advance(ada.tenant_id, payment_id, choosing.gateway)


def keep(ledger: Ledger) -> None:
    """Post, settle, void and reverse."""
    ledger.moves("deposited", "dep_1#deposited", 1000)
    paid = ledger.moves("payment_recorded", "inv_1#paid", 500)
    ledger.reverse(entries.find(ledger.tenant_id, paid.reference))
    ledger.settle(ledger.moves("escrow_released", "pay_1#claimed", 700, "pending"))
    ledger.void(ledger.moves("payment_released", "pay_2#claimed", 700, "pending"))


def every_webhook(tenant_id: str, payment_id: str) -> None:
    """Have a gateway tell of a payment that nobody knows, and of one that we asked for."""
    now = clock.now()
    payment = payments.find(tenant_id, payment_id)
    assert payment is not None
    table.transact([references.written(payment._replace(gateway="stripe"))])
    for number, reference in enumerate((payment_id, ids.new("pay", at=now))):
        receiving.receive("stripe", Told(f"evt_{number}", reference, "tr_1", 1, 0, "EUR"))
    receiving.sweep()
