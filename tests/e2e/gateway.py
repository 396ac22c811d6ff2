"""A stand-in of Stripe as the gateway of the deployed stage: its account, its webhooks, and the time between its calls.

Time on the stage is real. What would take an hour is a payment whose claim is written to be an hour old.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.ministack import CREDENTIALS, REGION
from tests.e2e.dashboard import Person
from tests.payments.gateways.stripe_stand_in import StandIn
from tests.payments.webhooks import signing

WEBHOOK_SECRET = "whsec_of_the_stage"
PAYEE = {"name": "Analytical Engines Ltd", "stripe_account": "acct_1NFcX2Jw8T4Q6M0R"}


def client_of(stage: Addresses, service: str) -> Any:
    """Return a client of a service of the stage."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=stage.endpoint_url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


@dataclass(frozen=True)
class Gateway:
    """Stripe as a tenant of the stage has it."""

    stage: Addresses
    stripe: StandIn
    tenant_id: str

    @property
    def _process(self) -> dict[str, str]:
        """Return the environment of the process of payments."""
        listed = client_of(self.stage, "lambda").get_paginator("list_functions").paginate().build_full_result()
        found = [each["Environment"]["Variables"] for each in listed["Functions"] if "Environment" in each]
        return dict(next(each for each in found if "PAYMENTS_QUEUE_URL" in each and "STRIPE_SECRET_ID" in each))

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
        self._write("PAYEE", f"TENANT#{self.tenant_id}", effective_at=_ago(timedelta(hours=1)))

    def passes(self, payment_id: str, time: timedelta) -> None:
        """Let a payment be as it will be after this time, and have it looked at."""
        place = f"TENANT#{self.tenant_id}#PAY#{payment_id}"
        self._write("PAYMENT", place, claimed_at=_ago(time), due_at=_ago(timedelta()))
        message = {"tenant_id": self.tenant_id, "payment_id": payment_id}
        queue_url = self._process["PAYMENTS_QUEUE_URL"]
        client_of(self.stage, "sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(message))

    def _write(self, sort_key: str, partition: str, **texts: str) -> None:
        """Write attributes of an item that are texts."""
        client_of(self.stage, "dynamodb").update_item(
            TableName=self._process["TABLE_NAME"],
            Key={"PK": {"S": partition}, "SK": {"S": sort_key}},
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in texts),
            ConditionExpression="attribute_exists(PK)",
            ExpressionAttributeValues={f":{name}": {"S": text} for name, text in texts.items()},
        )

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


def _ago(time: timedelta) -> str:
    return (datetime.now(UTC) - time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
