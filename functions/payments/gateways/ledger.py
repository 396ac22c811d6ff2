"""The embedded ledger as a gateway: nothing leaves Milepost, and what moves the money is the entry that settles it."""

from functions.payments.gateways.gateways import Outcome, Transfer


class Ledger:
    """Everything is made as soon as it is asked for: its effect is the posting, in the transaction that settles."""

    name = "ledger"

    def send(self, transfer: Transfer) -> Outcome:
        """Answer that the money is moved."""
        return Outcome("made", transfer.payment_id, moved=(transfer.amount_minor_units, transfer.currency))

    def find(self, transfer: Transfer) -> Outcome:
        """Answer as for sending: which posting counts is up to its reference."""
        return self.send(transfer)
