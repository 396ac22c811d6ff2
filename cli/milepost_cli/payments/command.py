"""The commands `milepost invoices`, `payments`, `financing` and `ledger` with all that they have below them."""

import typer

from milepost_cli.payments import documents, drafts, financing, invoices, ledger, payments

invoices_app = typer.Typer(no_args_is_help=True, help="Invoices of milestones.")
invoices_app.command("list")(invoices.list_invoices)
invoices_app.command("show")(invoices.show_invoice)
invoices_app.command("create")(invoices.create_invoice)
invoices_app.command("edit")(drafts.edit_invoice)
invoices_app.command("issue")(invoices.issue_invoice)
invoices_app.command("send")(invoices.send_invoice)
invoices_app.command("delete")(invoices.delete_invoice)
invoices_app.command("cancel")(invoices.cancel_invoice)
invoices_app.command("credit")(invoices.credit_invoice)
invoices_app.command("credit-notes")(invoices.list_credit_notes)
invoices_app.command("record-payment")(invoices.record_payment)
invoices_app.command("download")(documents.download_document)

payments_app = typer.Typer(no_args_is_help=True, help="Payments of invoices, and what they wait for.")
payments_app.command("list")(payments.list_payments)
payments_app.command("show")(payments.show_payment)
payments_app.command("release")(payments.release_payment)
payments_app.command("retry")(payments.retry_payment)
payments_app.command("hold")(payments.hold_payment)
payments_app.command("resume")(payments.resume_payment)
payments_app.command("confirm")(payments.confirm_payment)
payments_app.command("refund")(payments.refund_payment)
payments_app.command("dispute")(payments.dispute_payment)
payments_app.command("resolve")(payments.resolve_dispute)

financing_app = typer.Typer(no_args_is_help=True, help="Advances on milestones and invoices.")
financing_app.command("list")(financing.list_advances)
financing_app.command("show")(financing.show_advance)
financing_app.command("request")(financing.request_advance)
financing_app.command("approve")(financing.approve_advance)
financing_app.command("reject")(financing.reject_advance)
financing_app.command("disburse")(financing.disburse_advance)
financing_app.command("repay")(financing.repay_advance)
financing_app.command("schedule")(financing.list_instalments)
financing_app.command("statement")(financing.list_repayments)

ledger_app = typer.Typer(no_args_is_help=True, help="The accounts of the ledger.")
ledger_app.command("accounts")(ledger.list_accounts)
ledger_app.command("trial-balance")(ledger.show_trial_balance)
ledger_app.command("statement")(ledger.show_statement)
