"""A link in an old message, after the secret of the stage has changed."""

from datetime import timedelta

import boto3
import time_machine

from functions.audience.respect import suppressions
from functions.audience.settings import settings
from shared.callers import api_keys
from tests.audience.people import Person
from tests.audience.respect.getting import EMAIL, opens, posts, sent_to


def test_a_link_works_years_later_after_rotations_of_the_secret_of_the_stage_and_twice(
    ada: Person, pepper: str, time: time_machine.Traveller
):
    lead = ada.creates(emails=[EMAIL])["lead_id"]
    sent = sent_to(ada, lead)
    for year in (1, 2):
        boto3.client("secretsmanager").put_secret_value(SecretId=pepper, SecretString=f"pepper of year {year}")
        time.shift(timedelta(days=365))
        api_keys.pepper.forget()
        settings.forget()
    looks = [opens(sent.token, method=method) for method in ("GET", "HEAD")]
    before = suppressions.stored(ada.tenant_id, "email", sent.digest)
    answers = [posts(sent.token) for _ in range(2)]
    after = suppressions.stored(ada.tenant_id, "email", sent.digest)

    assert [each.status for each in (*looks, *answers)] == [200] * 4
    assert before is None
    assert after is not None
    assert (after.version, [*after.reasons]) == (1, ["unsubscribed"])
