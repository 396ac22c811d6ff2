"""Many leads in one request: who each row is about, and what becomes of it."""

import pytest

from tests.audience.people import Person, results


def test_each_row_is_inserted_updated_or_refused_for_itself(ada: Person):
    one, two = ada.creates(emails=["one@example.org"]), ada.creates(external_id="two")
    rows = [
        {"emails": ["new@example.org"], "name": "New"},
        {"emails": ["one@example.org"], "name": "One"},
        {"emails": ["one@example.org"], "name": "One"},
        {"emails": ["one@example.org"], "external_id": "two"},
        {"emails": ["no address"]},
        {"name": "Nobody"},
        7,
    ]
    became = ada.imports(*rows)

    assert results(became) == ["inserted", "updated", "unchanged", "conflict", "invalid", "invalid", "invalid"]
    assert became[3]["lead_ids"] == sorted([one["lead_id"], two["lead_id"]])
    assert [each["field"] for each in became[4]["errors"]] == ["emails.0"]
    assert ada.reads(one["lead_id"])["name"] == "One"
    assert ada.reads(two["lead_id"])["version"] == 1


def test_rows_of_one_lead_follow_one_another(ada: Person):
    became = ada.imports(
        {"emails": ["a@example.org"], "phones": ["+442079460958"], "name": "First", "tags": ["x"]},
        {"phones": ["020 7946 0958"], "emails": ["b@example.org"], "name": "Second"},
    )
    lead = ada.reads(became[0]["lead_id"])

    assert results(became) == ["inserted", "updated"]
    assert became[0]["lead_id"] == became[1]["lead_id"]
    assert (lead["name"], lead["emails"], lead["tags"]) == ("Second", ["a@example.org", "b@example.org"], ["x"])
    assert ada.get("/leads", "email=b@example.org").body["items"] == [lead]


def test_a_request_that_is_repeated_changes_nothing(ada: Person):
    rows = [{"external_id": str(number), "name": "A"} for number in range(60)]
    first, keyed, second = ada.imports(*rows, key="one"), ada.imports(*rows, key="one"), ada.imports(*rows)

    assert set(results(first)) == {"inserted"}
    assert keyed == first
    assert set(results(second)) == {"unchanged"}
    assert ada.post("/leads/bulk", {"rows": rows[:1]}, key="one").body["code"] == "IdempotencyKeyReused"


def test_only_sent_fields_change_and_a_total_is_stated(ada: Person):
    made = ada.creates(emails=["a@example.org"], name="A", total_spend="10.10", metadata={"a": 1, "b": 2})
    ada.imports({"emails": ["a@example.org"], "metadata": {"b": None, "c": 3}})
    lead = ada.reads(made["lead_id"])

    assert (lead["name"], lead["total_spend"], lead["metadata"]) == ("A", 10.1, {"a": 1, "c": 3})


def test_an_external_id_can_pass_from_one_lead_to_another_in_one_request(ada: Person):
    made = ada.creates(external_id="x", emails=["a@example.org"])
    became = ada.imports(
        {"emails": ["a@example.org"], "external_id": "y"}, {"external_id": "x", "emails": ["b@example.org"]}
    )

    assert results(became) == ["updated", "inserted"]
    assert ada.get("/leads", "external_id=y").body["items"][0]["lead_id"] == made["lead_id"]
    assert ada.get("/leads", "external_id=x").body["items"][0]["lead_id"] == became[1]["lead_id"]


def test_no_import_turns_an_opt_out_into_consent(ada: Person):
    made = ada.creates(emails=["a@example.org"], consent={"email": "denied"})
    became = ada.imports({"emails": ["a@example.org"], "consent": {"email": "granted"}})

    assert results(became) == ["unchanged"]
    assert ada.reads(made["lead_id"])["consent"]["email"]["state"] == "denied"


def test_a_row_that_would_make_a_lead_too_large_is_refused_alone(ada: Person):
    ada.creates(external_id="a", metadata={"a": "x" * 10_000})
    became = ada.imports({"external_id": "a", "metadata": {"b": "x" * 10_000}}, {"external_id": "b"})

    assert results(became) == ["invalid", "inserted"]
    assert [each["field"] for each in became[0]["errors"]] == ["metadata"]


def test_a_sheet_says_the_same_as_json(ada: Person):
    answer = ada.imports_sheet(
        "\ufeffexternal_id,name,email,phone,tags,visits,total_spend,consent.email,metadata.company.size\r\n"
        'a,"Ada, of ""Lovelace""",a@example.org;b@example.org,020 7946 0958,x; y,3,12.50,granted,12\r\n'
        "b,,,,,,,,\r\n"
        "c,,,,,many,,,\r\n"
        "d,,\r\n"
        '\r\n"e\r\nf",,,,,,,,\r\n'
    )
    lead = ada.get("/leads", "external_id=a").body["items"][0]

    assert results(answer.body["results"]) == ["inserted", "inserted", "invalid", "invalid", "invalid"]
    assert (lead["name"], lead["emails"]) == ('Ada, of "Lovelace"', ["a@example.org", "b@example.org"])
    assert (lead["tags"], lead["visits"], lead["total_spend"]) == (["x", "y"], 3, 12.5)
    assert (lead["consent"]["email"]["state"], lead["metadata"]) == ("granted", {"company": {"size": "12"}})


@pytest.mark.parametrize(
    ("sheet", "status"),
    [
        ("name,shoe_size\nA,3\n", 422),
        ("email,emails\na@example.org,b@example.org\n", 422),
        ('name\n"A\n', 400),
        ("name\n", 422),
        ("", 422),
        ("external_id,metadata.a.b.c.d.e\na,1\n", 422),
        # Each level of each row would be an object: 2 GB.
        (f"external_id,metadata{'.' * 10_000}\n" + "a,1\n" * 1_000, 422),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_whole(ada: Person, sheet: str, status: int):
    assert ada.imports_sheet(sheet).status == status


def test_a_sheet_of_very_many_columns_is_answered(ada: Person):
    # To count each column among all others took minutes.
    columns = ",".join(f"metadata.{number:x}" for number in range(60_000))

    assert results(ada.imports_sheet(f"external_id,{columns}\na\n").body["results"]) == ["invalid"]


def test_a_sheet_has_metadata_of_four_levels(ada: Person):
    (row,) = ada.imports_sheet("external_id,metadata.a.b.c.d\na,1\n").body["results"]

    assert ada.reads(row["lead_id"])["metadata"] == {"a": {"b": {"c": {"d": "1"}}}}


def test_a_body_has_1_to_1000_rows_and_1_mib(ada: Person):
    assert ada.post("/leads/bulk", {"rows": []}).status == 422
    assert ada.post("/leads/bulk", {"rows": [{"external_id": "a"}] * 1001}).status == 422
    assert ada.post("/leads/bulk", {"rows": [{"name": "x" * 2**20}]}).status == 413
    assert ada.post("/leads/bulk", {"rows": [], "more": 1}).status == 422
    assert ada.rest("POST", "/leads/bulk", {"rows": []}, headers={"content-type": "text/xml"}).status == 415


def test_of_very_many_faults_some_are_named(ada: Person):
    faulty = {f"{number:x}": 1 for number in range(120)}
    rows = [faulty] * 900
    became = ada.imports(*rows)
    refused = [ada.post("/leads", faulty), ada.post("/leads/bulk", {"rows": [], **faulty})]
    long = ada.post("/leads", {"é" * 150_000: 1})

    assert {len(each["errors"]) for each in became} == {10}
    assert [(each.body["detail"], len(each.body["errors"])) for each in refused] == [
        ("0: unknown field; remove it (and 119 more)", 100)
    ] * 2
    assert len(long.body["errors"][0]["field"]) == 200


def test_where_phones_are_shared_they_identify_nobody(ada: Person):
    ada.patch("/audience/settings", {"phones_identify": False})
    became = ada.imports(
        {"external_id": "a", "phones": ["020 7946 0958"]},
        {"external_id": "b", "phones": ["020 7946 0958"]},
        {"phones": ["020 7946 0958"]},
    )

    assert results(became) == ["inserted", "inserted", "invalid"]
    assert ada.get("/leads", "phone=02079460958").body["code"] == "PhonesDoNotIdentify"
    assert ada.patch("/audience/settings", {"phones_identify": True}).body["code"] == "PhonesShared"


def test_a_body_in_base64_is_read_too(ada: Person):
    answer = ada.imports_sheet("external_id\na\n", in_base64=True)

    assert results(answer.body["results"]) == ["inserted"]
    assert ada.get("/leads", "external_id=a").body["items"][0]["lead_id"] == answer.body["results"][0]["lead_id"]
