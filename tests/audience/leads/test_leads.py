"""One lead at a time: created, found, changed, listed, erased."""

import pytest

from functions.audience.settings import settings
from shared import clock, ids
from tests.audience.people import Person

FULL = {
    "external_id": "crm-1",
    "name": "Ada Lovelace",
    "emails": ["Ada@Example.ORG"],
    "phones": ["020 7946 0958"],
    "tags": ["vip"],
    "status": "customer",
    "locale": "en-GB",
    "time_zone": "Europe/London",
    "total_spend": 12.5,
    "order_count": 2,
    "visits": 3,
    "last_order_at": "2026-11-01T10:00:00+01:00",
    "consent": {"email": "granted", "email/news": "denied"},
    "metadata": {"company": {"size": 12}},
}


def test_a_lead_is_kept_in_one_spelling(ada: Person):
    made = ada.creates(**FULL)
    read = ada.reads(made["lead_id"])

    assert read == made
    assert (read["emails"], read["phones"]) == (["ada@example.org"], ["+442079460958"])
    assert (read["total_spend"], read["total_spend_minor_units"], read["currency"]) == (12.5, 1250, "EUR")
    assert read["last_order_at"] == "2026-11-01T09:00:00.000Z"
    assert read["consent"]["email"]["state"] == "granted"
    assert read["metadata"] == {"company": {"size": 12}}


@pytest.mark.parametrize(
    "query", ["email=ADA%40example.org", "phone=%2B44%2020%207946%200958", "phone=02079460958", "external_id=crm-1"]
)
def test_a_lead_is_found_by_what_it_is_known_by(ada: Person, eve: Person, query: str):
    made = ada.creates(**FULL)

    assert [each["lead_id"] for each in ada.get("/leads", query).body["items"]] == [made["lead_id"]]
    assert eve.get("/leads", query.replace("phone=020", "phone=%2B4420")).body["items"] == []


@pytest.mark.parametrize("text", ["a.b(c", ".*", "$where"])
def test_what_is_searched_for_is_only_text(ada: Person, text: str):
    made = ada.creates(external_id=text)
    ada.creates(external_id="another")

    assert [each["lead_id"] for each in ada.get("/leads", f"external_id={text}").body["items"]] == [made["lead_id"]]


def test_a_second_lead_with_an_identifier_is_refused_and_told_who_is_there(ada: Person, eve: Person):
    made = ada.creates(**FULL)
    refused = ada.post("/leads", {"emails": ["ada@example.org"], "name": "Another"})

    assert (refused.status, refused.body["code"]) == (409, "LeadExists")
    assert refused.body["lead_ids"] == [made["lead_id"]]
    assert eve.post("/leads", FULL | {"phones": []}).status == 201


def test_a_create_that_is_repeated_with_its_key_makes_one_lead(ada: Person):
    first, second = (ada.post("/leads", {"emails": ["ada@example.org"]}, key="once") for _ in range(2))

    assert (second.status, second.body) == (201, first.body)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "Nobody"}, "emails"),
        ({"emails": ["Ada <ada@example.org>"]}, "emails.0"),
        ({"phones": ["020 7946 0958 ext. 3"]}, "phones.0"),
        ({"phones": ["12"]}, "phones.0"),
        ({"external_id": "a\x00b"}, "external_id"),
        ({"external_id": "a", "metadata": {"a": "\x00"}}, "metadata"),
        ({"external_id": "a", "metadata": {"a": "\ud800"}}, "metadata"),
        ({"external_id": "a", "metadata": {"a": 2**53}}, "metadata"),
        ({"external_id": "a", "metadata": {"a": float("nan")}}, "metadata"),
        ({"external_id": "a", "metadata": {"a": {"b": {"c": [[1]]}}}}, "metadata"),
        ({"external_id": "a", "metadata": {"a": "x" * 16_384}}, "metadata"),
        ({"external_id": "a", "total_spend": 1.005}, "total_spend"),
        ({"external_id": "a", "total_spend": f"1.{'0' * 40}1"}, "total_spend"),
        ({"external_id": "a", "total_spend": 1e-300}, "total_spend"),
        *(
            ({"external_id": "a", "total_spend": text}, "total_spend")
            for text in ("1_000", " 12", "\uff11\uff12", "1e3", "+5")
        ),
        ({"external_id": "a", "total_spend": True}, "total_spend"),
        ({"external_id": "a", "total_spend": -1}, "total_spend"),
        ({"external_id": "a", "total_spend": 90071992547409.91}, "total_spend"),
        ({"external_id": "a", "time_zone": "Mars/Olympus"}, "time_zone"),
        ({"external_id": "a", "consent": {"pigeon": "granted"}}, "consent.pigeon.[key]"),
        ({"external_id": "a", "order_sum": 1}, "order_sum"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(ada: Person, fields: dict[str, object], field: str):
    refused = ada.post("/leads", fields)

    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)


def test_texts_are_composed(ada: Person):
    made = ada.creates(external_id="cafe\u0301", metadata={"cafe\u0301": "cafe\u0301"})

    assert (made["external_id"], made["metadata"]) == ("caf\u00e9", {"caf\u00e9": "caf\u00e9"})


def test_an_amount_needs_the_currency_of_the_tenant(ada: Person):
    ada.has()
    refused = ada.post("/leads", {"external_id": "a", "total_spend": 1})

    assert (refused.status, refused.body["code"]) == (422, "CurrencyNotSet")


def test_an_update_changes_what_is_sent_and_frees_what_it_takes_away(ada: Person):
    made = ada.creates(**FULL)
    changed = ada.patch(f"/leads/{made['lead_id']}", {"emails": ["new@example.org"], "metadata": {"a": 1}})

    assert (changed.status, changed.body["version"]) == (200, 2)
    assert changed.body["emails"] == ["new@example.org"]
    assert changed.body["metadata"] == {"company": {"size": 12}, "a": 1}
    assert changed.body["name"] == "Ada Lovelace"
    assert ada.get("/leads", "email=ada@example.org").body["items"] == []
    ada.creates(emails=["ada@example.org"])


def test_an_update_to_what_another_lead_has_is_refused(ada: Person):
    made = ada.creates(**FULL)
    other = ada.creates(emails=["other@example.org"])
    refused = ada.patch(f"/leads/{other['lead_id']}", {"emails": ["ada@example.org"]})

    assert (refused.status, refused.body["lead_ids"]) == (409, [made["lead_id"]])


def test_an_update_of_an_older_version_is_refused(ada: Person):
    made = ada.creates(**FULL)
    ada.patch(f"/leads/{made['lead_id']}", {"name": "Ada"})

    assert ada.patch(f"/leads/{made['lead_id']}", {"name": "Eve"}, if_match='"1"').status == 412
    assert ada.delete(f"/leads/{made['lead_id']}", if_match='"1"').status == 412


def test_an_update_that_changes_nothing_writes_nothing(ada: Person):
    made = ada.creates(**FULL)

    assert ada.patch(f"/leads/{made['lead_id']}", {"name": "Ada Lovelace"}).body == made


def test_no_update_turns_an_opt_out_into_consent(ada: Person):
    made = ada.creates(external_id="a", consent={"email": "denied"})
    wanted = {"email": "granted", "email/news": "granted", "sms": "granted"}
    changed = ada.patch(f"/leads/{made['lead_id']}", {"consent": wanted}).body["consent"]

    assert {subject: each["state"] for subject, each in changed.items()} == {"email": "denied", "sms": "granted"}


def test_an_erased_lead_is_gone_and_leaves_its_identifiers(ada: Person):
    made = ada.creates(**FULL)

    assert ada.delete(f"/leads/{made['lead_id']}").status == 204
    assert ada.get(f"/leads/{made['lead_id']}").status == 404
    assert ada.get("/leads", "email=ada@example.org").body["items"] == []
    assert ada.delete(f"/leads/{made['lead_id']}").status == 404
    assert ada.creates(**FULL)["lead_id"] != made["lead_id"]


def test_a_lead_of_another_tenant_is_not_there(ada: Person, eve: Person):
    path = f"/leads/{ada.creates(**FULL)['lead_id']}"

    assert {eve.get(path).status, eve.patch(path, {"name": "E"}).status, eve.delete(path).status} == {404}
    assert eve.get("/leads").body["items"] == []


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_leads_are_listed_by_their_creation_page_by_page(ada: Person, limit: int):
    made = [ada.creates(external_id=str(number))["lead_id"] for number in range(7)]
    found: list[str] = []
    query = f"limit={limit}"
    while query:
        page = ada.get("/leads", query).body
        found += [each["lead_id"] for each in page["items"]]
        query = page["next_cursor"] and f"limit={limit}&cursor={page['next_cursor']}"

    assert found == sorted(made, reverse=True)


def test_lists_refuse_what_they_do_not_know(ada: Person):
    assert ada.get("/leads", "size=large").status == 422
    assert ada.get("/leads", "cursor=foreign").status == 400
    assert ada.get("/leads", "email=a@example.org&phone=1").status == 422
    assert ada.get(f"/leads/{ids.new('goal')}").status == 404


def test_a_reader_writes_nothing(ada: Person):
    reader = ada.holding("audience:read")

    assert reader.post("/leads", FULL).status == 403
    assert reader.get("/leads").status == 200


def test_the_largest_change_of_a_lead_is_one_transaction(ada: Person):
    subjects = [f"email/topic-{number}" for number in range(20)]

    def full(start: int, state: str) -> dict[str, object]:
        numbers = range(start, start + 15)
        return {
            "external_id": f"crm-{start}",
            "emails": [f"{number}@example.org" for number in numbers],
            "phones": [f"+4420794609{number:02d}" for number in numbers],
            "consent": dict.fromkeys(subjects, state),
        }

    made = ada.creates(**full(10, "granted"))
    changed = ada.patch(f"/leads/{made['lead_id']}", full(40, "denied"))
    refused = ada.imports({"external_id": "crm-40", "emails": ["one-more@example.org"]})

    assert (changed.status, changed.body["emails"][0]) == (200, "40@example.org")
    assert refused[0]["result"] == "invalid"
    assert ada.delete(f"/leads/{made['lead_id']}").status == 204


def test_a_shared_number_can_be_taken_away_also_where_it_is_not_known_yet_that_numbers_are_shared(ada: Person):
    known_before = settings.of(ada.tenant_id)
    ada.patch("/audience/settings", {"phones_identify": False})
    one, other = (ada.creates(external_id=name, phones=["020 7946 0958"]) for name in "ab")
    settings._seen[ada.tenant_id] = clock.now(), known_before
    changed = ada.patch(f"/leads/{other['lead_id']}", {"phones": []})

    assert (changed.status, changed.body["phones"]) == (200, [])
    assert ada.reads(one["lead_id"])["phones"] == ["+442079460958"]
