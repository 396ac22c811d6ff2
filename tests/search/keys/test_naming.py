"""A field that a key of the collection names: a change that would remove it is refused as such."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.aws.entries import Answer
from tests.search.keys.holders import KEYS, holder_of
from tests.search.people import Person


def drops(person: Person, *names: str, collection: str = "books") -> Answer:
    sent = {"fields": [{"name": name, "drop": True} for name in names]}
    return person.rest("PATCH", f"/collections/{collection}", sent)


@pytest.mark.parametrize(
    ("draft", "name"),
    [
        ({"filter_by": "author:=Melville"}, "author"),
        ({"filter_by": "in_print:=true && (pages:>100 || author:!=`Austen, Jane`)"}, "pages"),
        ({"exclude_fields": ["price"]}, "price"),
    ],
)
def test_a_field_that_a_key_names_is_not_dropped_and_the_key_stays_good(
    ada: Person, draft: dict[str, object], name: str
):
    holder = holder_of(ada, **draft)
    before, found = ada.get("/collections/books").body, holder.finds()
    refused = drops(ada, name)

    assert (refused.status, refused.code, refused.fields) == (409, "FieldInUse", ["fields.0"])
    assert refused.body["errors"][0]["reason"] == f"{name} is named by the keys {holder.key_id}"
    assert ada.get("/collections/books").body == before
    assert holder.finds() == found != []


def test_each_field_is_told_with_the_keys_that_name_it(ada: Person):
    first, second = holder_of(ada, filter_by="pages:>100"), holder_of(ada, filter_by="pages:>400")
    refused = drops(ada, "title", "pages")

    assert refused.fields == ["fields.1"]
    assert all(each.key_id in refused.body["errors"][0]["reason"] for each in (first, second))


def test_a_field_that_no_good_key_names_cannot_be_dropped_either(ada: Person):
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False):
        holder_of(ada, filter_by="author:=Melville", expires_at="2026-11-20T01:00:00Z")
    revoked = holder_of(ada, filter_by="pages:>100")
    ada.delete(f"{KEYS}/{revoked.key_id}")

    for name in ("author", "pages", "nobody"):
        refused = drops(ada, name)
        assert (refused.status, refused.fields) == (422, ["fields.0"])
        assert "move an alias" in refused.body["errors"][0]["reason"]


def test_only_who_governs_the_collection_learns_of_its_keys(ada: Person, eve: Person):
    holder_of(ada, filter_by="pages:>100")

    assert drops(ada.holding("search:read search:write"), "pages").status == 403
    assert drops(eve, "pages").status == 404
