"""A stand-in of Stripe as the gateway of the deployed stage: its account, its webhooks, and the time between its calls.

What would take an hour is a payment whose claim is written to be an hour old.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from tests.e2e.account import ago, client_of, environments, write
from tests.e2e.dashboard import Person
from tests.payments.gateways.stripe_stand_in import StandIn
from tests.payments.webhooks import signing

WEBHOOK_SECRET = "whsec_of_the_stage"
PAYEE = {"name": "Analytical Engines Ltd", "stripe_account": "acct_1NFcX2Jw8T4Q6M0R"}


@dataclass(frozen=True)
class Gateway:
    """Stripe as a tenant of the stage has it."""

    stage: Addresses
    stripe: StandIn
    tenant_id: str

    @property
    def _process(self) -> Mapping[str, str]:
        """Return the environment of the process of payments."""
        found = environments(self.stage)
        return next(each for each in found if "PAYMENTS_QUEUE_URL" in each and "STRIPE_SECRET_ID" in each)

    def opens(self) -> None:
        """Give the stage its account at Stripe, and what webhooks are known by."""
        secrets = client_of(self.stage, "secretsmanager")
        key = {"secret_key": "sk_test_of_a_stand_in", "address": self.stripe.url}
        known = {"webhook_secret": WEBHOOK_SECRET, "webhook_secret_before": ""}
        for each in secrets.get_paginator("list_secrets").paginate().build_full_result()["SecretList"]:
            if each.get("Description", "").startswith("The account of Milepost at Stripe"):
                secrets.put_secret_value(SecretId=each["ARN"], SecretString=json.dumps(key))
            if each.get("Description", "").startswith("What webhooks of Stripe are known by"):
                secrets.put_secret_value(SecretId=each["ARN"], SecretString=json.dumps(known))

    def pays(self, first: Person, second: Person) -> None:
        """Let the tenant pay by Stripe to a payee that two people have agreed on a day ago."""
        first.ask("PATCH", "payment-settings", {"gateway": "stripe"})
        proposed = first.ask("PUT", "payment-payee", PAYEE)
        second.ask("POST", "payment-payee/confirm", {"proposal_id": proposed["proposed"]["proposal_id"]})
        write(self.stage, f"TENANT#{self.tenant_id}", "PAYEE", effective_at=ago(timedelta(hours=1)))

    def passes(self, payment_id: str, time: timedelta) -> None:
        """Let a payment be as it will be after this time, and have it looked at."""
        place = f"TENANT#{self.tenant_id}#PAY#{payment_id}"
        write(self.stage, place, "PAYMENT", claimed_at=ago(time), due_at=ago(timedelta()))
        message = {"tenant_id": self.tenant_id, "payment_id": payment_id}
        queue_url = self._process["PAYMENTS_QUEUE_URL"]
        client_of(self.stage, "sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(message))

    def tells(self, event_id: str, payment_id: str, *, kind: str = "transfer.created", **more: Any) -> str:
        """Send a webhook of a transfer of a payment, and return what has become of it."""
        known = self.stripe.standing(payment_id)
        own = {each: known[0][each] for each in ("id", "amount", "amount_reversed", "currency")} if known else {}
        transfer = {"id": "tr_of_nobody", "currency": "eur", **own, "transfer_group": payment_id, **more}
        return str(self._sent(signing.event(event_id, kind, transfer)).json()["status"])

    def _sent(self, raw: bytes) -> Answer:
        headers = {"stripe-signature": signing.signed(raw, secret=WEBHOOK_SECRET)}
        url = f"{self.stage.api_url}/api/v1/payment-webhooks/stripe"
        return call("POST", url, body=json.loads(raw), headers=headers)
