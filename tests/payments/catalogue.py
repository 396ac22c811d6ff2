"""What payments tell the tests that hold for every context."""

from typing import Any

from graphql import GraphQLNonNull, get_named_type

from tests.goals.catalogue import Field, Scene
from tests.payments.appsync import MUTATIONS, QUERIES

SELLER = {"name": "Analytical Engines Ltd", "address": ["1 Dorset Street", "London"]}
INPUTS: dict[str, dict[str, Any]] = {
    "PaymentSettingsInput": {"seller": SELLER},
    "PaymentTermsInput": {"netDays": 14},
    "InvoiceInput": {"percentage": "10"},
    "InvoiceScheduleInput": {
        "projectMilestoneId": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H",
        "every": "month",
        "beginsOn": "2027-01-31",
        "percentage": "10",
    },
    "InvoiceSchedulePatchInput": {"percentage": "20"},
    "InvoicePatchInput": {"note": "Thank you."},
    "InvoicePaymentInput": {"amountMinorUnits": "1", "receivedOn": "2026-11-20"},
    "DepositInput": {"amountMinorUnits": "5000000", "currency": "EUR"},
    "CreditNoteInput": {"reason": "A wheel less."},
    "PaymentPayeeInput": {"name": "Analytical Engines Ltd"},
    "FinancingRequestInput": {
        "amountMinorUnits": "1",
        "currency": "EUR",
        "yearlyPercent": "12",
        "instalmentCount": 1,
        "projectMilestoneIds": ["pms_01KAEY5R7C2N8V4X6Z9B1D3F5H"],
    },
    "DisputeResolutionInput": {"releaseMinorUnits": "1", "refundMinorUnits": "0", "resolution": "It is there."},
}
ADMINISTERING = {
    "ledgerAccounts",
    "accountStatement",
    "journalEntries",
    "trialBalance",
    "outstandingReport",
    "outstandingClients",
    "inflowReport",
    "daysToPaidReport",
    "paymentSettings",
    "updatePaymentSettings",
    "paymentPayee",
    "proposePaymentPayee",
    "confirmPaymentPayee",
    "withdrawPaymentPayee",
    "putUsualPaymentTerms",
}


FINANCING = ("approveFinancing", "rejectFinancing", "disburseFinancing", "repayFinancing")
LEVELS = {
    "disputePayment": "dispute",
    **dict.fromkeys(
        (
            *("releasePayment", "retryPayment", "holdPayment", "resumePayment", "confirmPayment"),
            *("refundPayment", "resolvePaymentDispute", "returnDeposits"),
            *FINANCING,
        ),
        "release",
    ),
}
"""What takes a scope of its own."""


class PaymentField(Field):
    def arguments(self, scene: Scene) -> dict[str, Any]:
        given = {
            "projectId": scene.project_id,
            "projectMilestoneId": scene.project_milestone_id,
            "invoiceId": scene.invoice_id,
            "invoiceScheduleId": scene.invoice_schedule_id,
            "accountCode": "clearing",
            "paymentId": scene.payment_id,
            "proposalId": "pye_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
            "financingId": scene.financing_id,
            "isMade": True,
            # Whoever asks is answered with what they have named.
            "invoices": [{"projectMilestoneId": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H"}],
            "reason": "The order was withdrawn.",
        }
        return {name: INPUTS[kind] if name == "input" else given[name] for name, kind in self.required.items()}


def _field(type_name: str, name: str, definition: Any) -> PaymentField:
    required = {
        argument: get_named_type(each.type).name
        for argument, each in definition.args.items()
        if isinstance(each.type, GraphQLNonNull)
    }
    level = "admin" if name in ADMINISTERING else "write" if type_name == "Mutation" else "read"
    level = LEVELS.get(name, level)
    return PaymentField(type_name, name, f"payments:{level}", frozenset(definition.args), required)


FIELDS = [
    _field(kind, *each) for kind, fields in {"Query": QUERIES, "Mutation": MUTATIONS}.items() for each in fields.items()
]

CASES = 30

_WAITS = ("cancel", "credit-notes", "record-payment")
_OF_OTHERS = ("release", "retry", "resume", "confirm", "refund", "dispute/resolve")
UNPREPARED = {
    # The milestone is being worked on.
    "POST /api/v1/project-milestones/{project_milestone_id}/invoices": "MilestoneNotReady",
    "POST /api/v1/invoices/{invoice_id}/issue": "MilestoneNotReady",
    "Mutation.createInvoice": "MilestoneNotReady",
    "Mutation.issueInvoice": "MilestoneNotReady",
    # The invoice is a draft.
    **{f"POST /api/v1/invoices/{{invoice_id}}/{each}": "InvoiceNotOpen" for each in _WAITS},
    "Mutation.cancelInvoice": "InvoiceNotOpen",
    "Mutation.createCreditNote": "InvoiceNotOpen",
    "Mutation.recordInvoicePayment": "InvoiceNotOpen",
    "POST /api/v1/invoices/{invoice_id}/send": "InvoiceNotSendable",
    "Mutation.sendInvoice": "InvoiceNotSendable",
    **{f"GET /api/v1/invoices/{{invoice_id}}/{each}": "DraftWithoutDocument" for each in ("pdf", "html", "xml")},
    **{
        f"GET /api/v1/invoices/{{invoice_id}}/credit-notes/{{credit_note_id}}/{each}": "CreditNoteNotFound"
        for each in ("pdf", "html", "xml")
    },
    "Query.invoicePaper": "DraftWithoutDocument",
    "POST /api/v1/invoices/{invoice_id}/retention": "NothingRetained",
    "Mutation.invoiceRetention": "NothingRetained",
    # The owner of the tenant has created the milestone.
    **{f"POST /api/v1/payments/{{payment_id}}/{each}": "SeparationOfPayment" for each in _OF_OTHERS},
    # Nobody has signed it.
    "POST /api/v1/payment-webhooks/{gateway}": "PaymentWebhookNotVerified",
    # Nothing is proposed.
    "POST /api/v1/payment-payee/confirm": "ProposalNotOpen",
    "POST /api/v1/payment-payee/withdraw": "NothingToWithdraw",
    "Mutation.confirmPaymentPayee": "ProposalNotOpen",
    "Mutation.withdrawPaymentPayee": "NothingToWithdraw",
    **{
        f"Mutation.{each}": "SeparationOfPayment"
        for each in LEVELS
        if each not in ("disputePayment", "holdPayment", "returnDeposits", *FINANCING)
    },
    # The example names a milestone that is not there.
    "POST /api/v1/invoices/preview": "ProjectMilestoneNotFound",
    "POST /api/v1/financing-requests": "ProjectMilestoneNotFound",
    "Mutation.requestFinancing": "ProjectMilestoneNotFound",
    # It is not approved yet.
    **{
        f"POST /api/v1/financing-requests/{{financing_id}}/{each}": "FinancingTransitionNotAllowed"
        for each in ("disburse", "repay")
    },
    "Mutation.disburseFinancing": "FinancingTransitionNotAllowed",
    "Mutation.repayFinancing": "FinancingTransitionNotAllowed",
    "POST /api/v1/invoice-schedules": "ProjectMilestoneNotFound",
    "Mutation.createInvoiceSchedule": "ProjectMilestoneNotFound",
}
