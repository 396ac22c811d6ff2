"""Everything that can be asked of payments, asked once."""

from tests.payments.people import Person


def every_payment_call(ada: Person) -> None:
    """Use every operation of payments."""
    for read in ("accounts", "trial-balance"):
        ada.get(f"/ledger/{read}", "currency=EUR")
