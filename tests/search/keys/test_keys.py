"""Keys that are bound to a collection: made, listed, revoked, and what becomes of them with their collection."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from functions.search.keys import keys as search_keys
from shared.callers import auth
from tests.platform.held import stored
from tests.search.keys.holders import KEYS, holder_of
from tests.search.people import Backbone, Person, stored_events

DRAFT = {"name": "readers", "filter_by": "author:=Melville", "exclude_fields": ["price"]}


def test_a_key_is_made_listed_and_revoked(ada: Person):
    made = ada.rest("POST", KEYS, {**DRAFT, "expires_at": "2099-01-01T00:00:00Z"})
    listed = ada.get(KEYS).body["items"]
    revoked = ada.delete(f"{KEYS}/{made.body['key_id']}")

    assert made.status == 201
    assert listed == [{name: value for name, value in made.body.items() if name != "key"}]
    assert listed[0] | DRAFT == listed[0]
    assert listed[0]["last_four"] == made.body["key"][-4:]
    assert listed[0]["expires_at"] == "2099-01-01T00:00:00.000Z"
    assert revoked.status == 204
    assert ada.get(KEYS).body["items"] == []
    assert ada.delete(f"{KEYS}/{made.body['key_id']}").code == "SearchKeyNotFound"


def test_the_text_of_a_key_is_shown_once_and_kept_nowhere(ada: Person):
    sent = {"idempotency-key": "once"}
    first, again = (ada.rest("POST", KEYS, DRAFT, headers=sent).body for _ in range(2))

    assert again == {**first, "key": None}
    assert len(ada.get(KEYS).body["items"]) == 1
    assert first["key"].split("_")[3][:43] not in str(stored())


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"filter_by": "nobody:=1"}, "filter_by"),
        ({"filter_by": "author:>Melville"}, "filter_by"),
        ({"filter_by": "("}, "filter_by"),
        ({"exclude_fields": ["id"]}, "exclude_fields"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"scopes": ["search:write"]}, "scopes"),
    ],
)
def test_a_key_that_fits_no_collection_is_refused(ada: Person, draft: dict[str, object], field: str):
    answer = ada.rest("POST", KEYS, draft)

    assert (answer.status, answer.fields) == (422, [field])


def test_a_refusal_names_the_field_once(ada: Person):
    answer = ada.rest("POST", KEYS, {"filter_by": "nobody:=1"})

    assert answer.body["detail"].startswith("filter_by: there is no field nobody")


def test_a_revoked_key_is_refused_after_a_minute_at_the_latest(ada: Person):
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False) as clock:
        holder = holder_of(ada, **DRAFT)
        assert holder.finds() == ["moby", "typee"]
        ada.delete(f"{KEYS}/{holder.key_id}")
        clock.shift(timedelta(seconds=60))

        assert (holder.asks().status, holder.asks().code) == (401, "ApiKeyRevoked")


def test_a_key_ends_when_it_says(ada: Person):
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False) as clock:
        holder = holder_of(ada, expires_at="2026-11-20T00:00:30Z")
        assert holder.asks().status == 200
        clock.shift(timedelta(seconds=30))

        assert holder.asks().code == "ApiKeyExpired"


def test_a_key_goes_with_its_collection_and_opens_no_namesake(ada: Person, backbone: Backbone):
    holder = holder_of(ada, **DRAFT)
    ada.delete("/collections/books")
    gone = holder.asks().code
    ada.makes()
    namesake = holder.asks().code
    backbone.runs()
    auth.forget_callers()

    assert [gone, namesake, holder.asks().code] == ["CollectionNotFound", "CollectionNotFound", "UnknownApiKey"]
    assert [key for key in stored() if holder.key_id in "".join(key) or key[1].startswith("SEARCHKEY")] == []


def test_a_collection_has_a_hundred_keys_that_are_good(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search_keys, "MAX_KEYS", 2)
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False) as clock:
        holder_of(ada, expires_at="2026-11-20T00:01:00Z")
        holder_of(ada)
        assert ada.rest("POST", KEYS, {}).code == "TooManySearchKeys"
        clock.shift(timedelta(minutes=1))

        assert ada.rest("POST", KEYS, {}).status == 201


def test_who_may_not_search_makes_no_key_that_may(ada: Person):
    answer = ada.holding("search:admin").rest("POST", KEYS, {})

    assert (answer.status, answer.code) == (403, "SearchNotGranted")


def test_another_tenant_and_a_guest_make_see_and_revoke_none(ada: Person, eve: Person):
    holder = holder_of(ada)
    guest = Person(ada.user_id, ada.tenant_id, ada.issuer, role="guest")
    answers = [
        stranger.rest(method, path, body).code
        for stranger in (eve, guest)
        for method, path, body in (
            ("POST", KEYS, {}),
            ("GET", KEYS, None),
            ("DELETE", f"{KEYS}/{holder.key_id}", None),
        )
    ]

    assert answers == ["CollectionNotFound"] * 3 + ["NotForGuests"] * 3
    assert holder.asks().status == 200


def test_its_events_say_which_key_it_is_and_nothing_else(ada: Person):
    holder = holder_of(ada, **DRAFT)
    ada.delete(f"{KEYS}/{holder.key_id}")
    told = [event for event in stored_events() if event.event_type.startswith("search.key.")]

    assert [event.event_type for event in told] == ["search.key.created", "search.key.revoked"]
    assert all(set(event.data) == {"collection_id", "name", "key_id"} for event in told)


def test_nothing_of_a_key_is_logged(ada: Person, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture):
    holder = holder_of(ada, name="confidant", filter_by="author:=Melville", exclude_fields=["price"])
    ada.rest("POST", KEYS, {"filter_by": "Melville:=1"})
    holder.searches("whale")
    holder.asks(sort_by="price:asc")
    holder.shows("emma")
    ada.get(KEYS)
    ada.delete(f"{KEYS}/{holder.key_id}")
    told = capsys.readouterr()

    written = told.out + told.err + caplog.text
    assert "create_search_key" in written
    assert [text for text in (holder.text[-49:], "Melville", "price", "confidant") if text in written] == []
