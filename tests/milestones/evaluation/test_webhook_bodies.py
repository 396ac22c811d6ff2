"""The body of a webhook as API Gateway hands it over: as text, in base64, and with bytes that are no UTF-8."""

import base64
import json

import pytest

from functions.milestones import api, resolver
from tests.aws.entries import call, http_event
from tests.milestones.evaluation.calls import known, sealed
from tests.milestones.people import MILESTONES, WEBHOOK, Person

__all__ = ["known"]


LATIN_1 = '{"milestone_id": "m_1", "status": "completed", "metadata": {"name": "Zürich"}}'.encode("latin-1")


def unsigned(**event: object) -> tuple[int, str]:
    """Return how an event of the webhook's route is answered that nobody has signed."""
    sent = http_event("POST", WEBHOOK, "") | event
    sent["headers"] = {**sent["headers"], "content-length": str(len(LATIN_1))}
    answer = call(api.handler, resolver.api, sent)
    return answer.status, answer.code


@pytest.mark.parametrize(
    "event",
    [
        {"body": LATIN_1.decode(errors="replace")},
        {"body": LATIN_1.decode(errors="surrogateescape")},
        {"body": base64.b64encode(LATIN_1).decode(), "isBase64Encoded": True},
        {"body": "no base64!", "isBase64Encoded": True},
        {"body": "QQ", "isBase64Encoded": True},
        {"body": "é", "isBase64Encoded": True},
    ],
)
@pytest.mark.usefixtures("ada")
def test_a_body_that_is_no_utf_8_is_refused_before_its_signature_is_looked_at(event: dict[str, object]):
    assert unsigned(**event) == (400, "Malformed")


@pytest.mark.parametrize("name", ["Zürich", "a \ufffd that was sent"])
def test_a_signed_body_is_taken_as_text_and_in_base64(known: tuple[str, str], name: str):
    body = json.dumps({"milestone_id": known[1], "status": "pending", "metadata": {"name": name}}, ensure_ascii=False)
    events = [http_event("POST", WEBHOOK, body, headers=sealed(body)) for _ in range(2)]
    events[1] |= {"body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True}
    for event in events:
        event["headers"]["content-length"] = str(len(body.encode()))

    assert [call(api.handler, resolver.api, event).status for event in events] == [200, 200]


@pytest.mark.parametrize("length", [len(LATIN_1), None])
def test_no_other_route_takes_replaced_bytes_for_text(ada: Person, length: int | None):
    body = '{"project_id": "Z�rich", "kpi_id": "tvl", "target": 1}'
    headers = {} if length is None else {"content-length": str(length)}
    answer = ada.rest("POST", MILESTONES, body, headers=headers)

    assert answer.status == (201 if length is None else 400)
