"""The list of suppressions: its pages, look-ups, additions, removals, imports and exports."""

import csv
import io
from typing import Any

import pytest

from functions.audience import api, resolver
from functions.audience.respect import suppressions
from functions.audience.settings import settings
from tests.audience.following import happened
from tests.audience.people import Person
from tests.aws.entries import Answer, call, http_event

EMAIL = "ada@example.org"
PHONE = "+442079460958"


def adds(ada: Person, address: str = EMAIL, **fields: Any) -> dict[str, Any]:
    answer = ada.post("/suppressions", {"channel": "email", "address": address, **fields})
    assert answer.status == 201, answer.body
    return dict(answer.body)


def sends(ada: Person, *rows: Any) -> list[dict[str, Any]]:
    answer = ada.post("/suppressions/import", {"rows": [*rows]})
    assert answer.status == 200, answer.body
    return list(answer.body["results"])


def every(ada: Person, limit: int) -> list[Answer]:
    """Return all pages of the list."""
    pages, cursor = [], ""
    while True:
        pages.append(ada.get("/suppressions", f"limit={limit}{cursor}"))
        following = pages[-1].body["next_cursor"]
        if following is None:
            return pages
        cursor = f"&cursor={following}"


def test_an_address_is_suppressed_by_hand_and_only_its_digest_is_kept(ada: Person):
    made = adds(ada, " Ada@Example.org ")
    digest = suppressions.digest(settings.of(ada.tenant_id), "email", EMAIL)

    assert (made["digest"], made["address"], made["lead_id"]) == (digest, None, None)
    assert made["reasons"] == [{"reason": "manual", "at": made["created_at"], "source": ada.user_id}]
    assert adds(ada, EMAIL) == made
    (told,) = [each.data for each in happened("audience.suppression.added")]
    assert told == {"channel": "email", "digest": digest, "reason": "manual"}


def test_the_address_is_shown_while_a_lead_has_it(ada: Person):
    lead = ada.creates(emails=[EMAIL], phones=[PHONE])["lead_id"]
    adds(ada, EMAIL)
    adds(ada, PHONE, channel="sms")
    shown = {each["channel"]: (each["address"], each["lead_id"]) for each in ada.get("/suppressions").body["items"]}
    ada.delete(f"/leads/{lead}")
    hidden = {each["channel"]: each["address"] for each in ada.get("/suppressions").body["items"]}

    assert shown == {"email": (EMAIL, lead), "sms": (PHONE, lead)}
    assert hidden == {"email": None, "sms": None}


def test_one_address_is_looked_up_on_all_its_channels(ada: Person, eve: Person):
    adds(ada, EMAIL)
    adds(ada, PHONE, channel="sms", reason="unsubscribed")
    adds(ada, PHONE, channel="whatsapp", reason="unsubscribed", topic="news")

    assert [each["channel"] for each in ada.get("/suppressions", "email=ADA@example.org").body["items"]] == ["email"]
    found = ada.get("/suppressions", "phone=020%207946%200958").body["items"]
    assert [(each["channel"], len(each["reasons"]), len(each["topics"])) for each in found] == [
        ("sms", 1, 0),
        ("whatsapp", 0, 1),
    ]
    assert ada.get("/suppressions", "email=nobody@example.org").body == {"items": [], "next_cursor": None}
    assert eve.get("/suppressions", f"email={EMAIL}").body["items"] == []
    assert eve.get("/suppressions").body["items"] == []


@pytest.mark.parametrize(
    "query", ["email=nonsense", "phone=1", f"email={EMAIL}&phone={PHONE}", "email=a@b.org&cursor=x"]
)
def test_what_cannot_be_looked_up_is_refused(ada: Person, query: str):
    assert ada.get("/suppressions", query.replace("+", "%2B")).status == 422


@pytest.mark.parametrize("limit", [1, 7, 40, 100])
def test_every_suppression_is_on_one_page_of_the_list(ada: Person, limit: int):
    addresses = [f"person-{number}@example.org" for number in range(40)]
    sends(ada, *({"channel": "email", "address": each} for each in addresses))
    pages = every(ada, limit)
    digests = [each["digest"] for page in pages for each in page.body["items"]]

    assert all(len(page.body["items"]) <= limit for page in pages)
    assert (len(digests), len({*digests})) == (40, 40)


@pytest.mark.parametrize("cursor", ["x", "WyIxNyAiLCJzdXBwcmVzc2lvbnMiXQ", "WyJhICIsInN1cHByZXNzaW9ucyJd"])
def test_a_foreign_cursor_is_refused(ada: Person, cursor: str):
    assert ada.get("/suppressions", f"cursor={cursor}").status == 400
    assert ada.get("/suppressions/export", f"cursor={cursor}").status == 400


def test_an_administrator_takes_an_address_off_the_list_and_says_why(ada: Person, eve: Person):
    made = adds(ada, EMAIL)
    path = f"/suppressions/{made['suppression_id']}"
    refused = [
        ada.holding("audience:read audience:write").rest("DELETE", path, query="reason=asked").status,
        ada.delete(path).status,
        eve.rest("DELETE", path, query="reason=asked").status,
    ]
    removed = ada.rest("DELETE", path, query="reason=asked+for+it")
    (told,) = [each.data for each in happened("audience.suppression.removed")]

    assert refused == [403, 422, 404]
    assert (removed.status, ada.rest("DELETE", path, query="reason=again").code) == (204, "NotSuppressed")
    assert told == {"channel": "email", "digest": made["digest"], "reason": "asked for it"}
    assert ada.get("/suppressions").body["items"] == []


def test_rows_are_suppressed_and_what_is_wrong_with_one_keeps_no_other(ada: Person):
    adds(ada, "known@example.org", reason="imported")
    found = sends(
        ada,
        {"channel": "email", "address": EMAIL, "reason": "hard_bounce"},
        {"channel": "email", "address": "known@example.org"},
        {"channel": "email", "address": "no address"},
        {"channel": "letter", "address": EMAIL},
        {"channel": "sms", "address": "020 7946 0958", "reason": "unsubscribed", "topic": "news"},
        {"channel": "email", "address": "ADA@example.org", "reason": "hard_bounce"},
        {"channel": "email", "address": EMAIL, "reason": "complaint"},
        {"channel": "email", "address": EMAIL, "topic": "news"},
        "nonsense",
    )
    (shown,) = ada.get("/suppressions", f"email={EMAIL}").body["items"]

    assert [each["result"] for each in found] == [
        "added",
        "unchanged",
        "invalid",
        "invalid",
        "added",
        "unchanged",
        "added",
        "invalid",
        "invalid",
    ]
    assert [each["row"] for each in found] == [*range(1, 10)]
    assert all((each["reason"] is None) == (each["result"] != "invalid") for each in found)
    assert ([each["reason"] for each in shown["reasons"]], shown["version"]) == (["hard_bounce", "complaint"], 1)
    assert [each.data for each in happened("audience.suppression.imported")] == [{"count": 2}]


def test_a_thousand_rows_twice_are_once(ada: Person):
    rows = [{"channel": "email", "address": f"person-{number}@example.org"} for number in range(1000)]
    first, second = sends(ada, *rows), sends(ada, *rows)

    assert {each["result"] for each in first} == {"added"}
    assert {each["result"] for each in second} == {"unchanged"}
    assert sum(each.data["count"] for each in happened("audience.suppression.imported")) == 1000
    assert ada.post("/suppressions/import", {"rows": [*rows, rows[0]]}).status == 422


def sheet(ada: Person, text: str) -> Answer:
    claims = ada.issuer.claims(sub=ada.user_id, tid=ada.tenant_id, scope=ada.scope)
    event = http_event("POST", "/api/v1/suppressions/import", headers={"content-type": "text/csv"})
    event["headers"]["authorization"] = f"Bearer {ada.issuer.token(claims=claims)}"
    event["headers"].pop("content-length", None)
    return call(api.handler, resolver.api, event | {"body": text, "isBase64Encoded": False})


def test_rows_come_as_csv_too(ada: Person):
    answer = sheet(ada, f"\ufeffchannel,address,reason\r\nemail,{EMAIL},complaint\r\nsms,{PHONE},\r\n\r\nemail\r\n")

    assert [each["result"] for each in answer.body["results"]] == ["added", "added", "invalid"]
    assert sheet(ada, "channel,name\r\nemail,Ada\r\n").status == 422
    assert sheet(ada, "channel,channel\r\nemail,email\r\n").status == 422
    assert sheet(ada, 'channel,address\r\nemail,"Ada').status == 400


def test_the_list_is_exported_as_csv_without_formulas(ada: Person):
    ada.creates(emails=["+ada@example.org"])
    adds(ada, "+ada@example.org", reason="unsubscribed")
    adds(ada, "+ada@example.org", reason="unsubscribed", topic="news")
    adds(ada, EMAIL, reason="hard_bounce")
    answer = ada.get("/suppressions/export")
    lines = [*csv.DictReader(io.StringIO(answer.body))]

    assert "X-Next-Cursor" not in answer.headers
    assert {line["address"]: (line["reasons"], line["topics"]) for line in lines} == {
        "'+ada@example.org": ("unsubscribed", "news"),
        "": ("hard_bounce", ""),
    }


def test_a_long_list_is_exported_in_parts(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("functions.audience.respect.listing.EXPORTED", 3)
    for number in range(5):
        adds(ada, f"person-{number}@example.org")
    first = ada.get("/suppressions/export")
    second = ada.get("/suppressions/export", f"cursor={first.headers['X-Next-Cursor']}")

    assert [each.body.count("\r\n") - 1 for each in (first, second)] == [3, 2]


@pytest.mark.parametrize(
    "sent",
    [
        {"channel": "push", "address": EMAIL},
        {"channel": "email", "address": PHONE},
        {"channel": "email", "address": EMAIL, "reason": "soft_bounces"},
        {"channel": "email", "address": EMAIL, "topic": "news"},
        {"channel": "email", "address": EMAIL, "reason": "unsubscribed", "topic": "No Topic"},
        {"channel": "email"},
    ],
)
def test_what_cannot_be_suppressed_is_refused(ada: Person, sent: dict[str, Any]):
    assert ada.post("/suppressions", sent).status == 422


@pytest.mark.parametrize("path", ["letter-" + "9f" * 32, "email-9f", "email-" + "9F" * 32, "e-mail-" + "9f" * 32])
def test_what_can_be_no_suppression_is_none(ada: Person, path: str):
    assert ada.rest("DELETE", f"/suppressions/{path}", query="reason=asked").code == "NotSuppressed"
