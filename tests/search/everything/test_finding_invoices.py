"""Invoices, credit notes and financing requests are found by those who see the money of their project."""

import pytest

from functions.identity.scopes import SCOPES, Role
from functions.search.everything import readers as memberships
from shared.callers import project_members
from shared.storage import table
from tests.goals.conftest import enrol, expel
from tests.goals.people import Person
from tests.identity.access_tokens.issuer import Issuer
from tests.payments.invoicing import Firm
from tests.projects import team
from tests.search.everything.feeding import Feed, asks

BIG = 31_250_000
MONEY = "types=invoice,credit_note,financing_request"


@pytest.fixture
def firm(feed: Feed) -> Firm:
    """Ada leads a project and invoices it."""
    return Firm.opened(team.Person.new(Issuer().publish()))


@pytest.fixture
def issued(firm: Firm, feed: Feed) -> dict[str, str]:
    """An invoice that the index has, and a draft."""
    made = firm.issues(firm.verified(BIG, title="Mill assembled"), note="Thanks for the lantern")
    draft = firm.issues(firm.verified(BIG, title="Boiler welded"), draft=True)
    feed.runs()
    return {"number": made["number"], "invoice": made["invoice_id"], "draft": draft["invoice_id"]}


def found(somebody: team.Person, query: str) -> list[str]:
    """Return the ids of what somebody finds who holds the scopes of their role."""
    scopes = " ".join(sorted(SCOPES[somebody.role]))
    person = Person(somebody.user_id, somebody.tenant_id, somebody.issuer, scopes)
    answer = asks(person, query if "=" in query else f"q={query}&{MONEY}", roles=(somebody.role,))
    assert answer.status == 200, answer.body
    return [each["id"] for each in answer.body["items"]]


def hit(somebody: team.Person, query: str) -> dict[str, object]:
    scopes = " ".join(sorted(SCOPES[somebody.role]))
    answer = asks(Person(somebody.user_id, somebody.tenant_id, somebody.issuer, scopes), f"q={query}&{MONEY}")
    (item,) = answer.body["items"]
    return dict(item)


def brought(firm: Firm, *roles: str, role: Role = "member") -> team.Person:
    return firm.ada.brings(firm.project, firm.ada.colleague(role), *roles)


def test_an_invoice_is_found_by_its_number_its_client_its_lines_and_its_note(firm: Firm, issued: dict[str, str]):
    for query in (issued["number"], "royal", "gb987654321", "mill", "lantern", issued["invoice"]):
        assert found(firm.ada, query) == [issued["invoice"]], query
    assert hit(firm.ada, issued["number"]) == {
        "type": "invoice",
        "id": issued["invoice"],
        "title": issued["number"],
        "url": f"#/payments/invoices/{issued['invoice']}",
        "parent": {"type": "project", "id": firm.project.rpartition("/")[2]},
        "highlights": [
            {"field": "title", "snippet": "-".join(f"<mark>{each}</mark>" for each in issued["number"].split("-"))}
        ],
    }
    assert found(firm.ada, "q=royal&types=goal") == []
    assert found(firm.ada, "q=royal&types=invoice") == [issued["invoice"]]


def test_a_number_is_found_as_it_is_and_never_one_like_it(firm: Firm, feed: Feed):
    numbers = {each["number"]: each["invoice_id"] for each in (firm.issues(firm.verified(BIG)) for _ in range(3))}
    feed.runs()

    for number, invoice_id in numbers.items():
        assert found(firm.ada, number) == [invoice_id]
        assert found(firm.ada, number.replace("INV", "INW")) == found(firm.ada, f"{number[:-1]}9") == []


def test_amounts_addresses_and_bank_lines_are_no_text(firm: Firm, issued: dict[str, str]):
    for query in ("31250000", "312500", "312,500.00", "5062500", "dorset", "burlington", "standard"):
        assert found(firm.ada, query) == [], query


def test_a_draft_is_found_by_its_lines_and_gone_at_once_when_it_is_deleted(firm: Firm, issued: dict[str, str]):
    before = found(firm.ada, "boiler")
    deleted = firm.purse().rest("DELETE", f"/invoices/{issued['draft']}")

    assert (before, deleted.status, found(firm.ada, "boiler")) == ([issued["draft"]], 204, [])


def test_an_issued_draft_is_found_by_its_number(firm: Firm, issued: dict[str, str], feed: Feed):
    number = firm.post(f"/invoices/{issued['draft']}/issue").body["number"]
    feed.runs()

    assert found(firm.ada, number) == [issued["draft"]]


@pytest.mark.parametrize("role", ["manager", "finance", "client"])
def test_who_sees_the_money_of_a_project_finds_its_invoices(role: str, firm: Firm, issued: dict[str, str]):
    assert {*found(brought(firm, role), "q=*&types=invoice")} == {issued["invoice"], issued["draft"]}


@pytest.mark.parametrize("role", ["creator", "verifier", "viewer"])
def test_who_sees_no_money_of_a_project_finds_no_invoice(role: str, firm: Firm, issued: dict[str, str]):
    assert found(brought(firm, role), issued["number"]) == found(brought(firm, role), "q=*&types=invoice") == []


def test_members_of_the_tenant_who_are_not_in_the_project_find_nothing(firm: Firm, issued: dict[str, str]):
    assert found(firm.ada.colleague(), issued["number"]) == found(firm.ada.colleague(), issued["invoice"]) == []


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_who_administers_payments_finds_all_invoices(role: Role, firm: Firm, issued: dict[str, str]):
    assert found(firm.ada.colleague(role), issued["number"]) == [issued["invoice"]]


def test_a_guest_finds_the_invoices_of_the_project_that_they_are_the_client_of(firm: Firm, issued: dict[str, str]):
    client, other = brought(firm, "client", role="guest"), firm.ada.colleague("guest")

    assert (found(client, issued["number"]), found(other, issued["number"])) == ([issued["invoice"]], [])


def test_another_tenant_never_finds_one(firm: Firm, issued: dict[str, str], feed: Feed):
    eve = team.Person.new(firm.ada.issuer, role="owner")
    project, invoice_project = eve.creates().rpartition("/")[2], firm.project.rpartition("/")[2]
    forged = {"tenant_id": eve.tenant_id, "project_id": invoice_project, "roles": ["manager"], "user_id": eve.user_id}
    place = project_members.key(eve.tenant_id, project, eve.user_id)
    listed = {"GSI1PK": f"USER#{eve.user_id}", "GSI1SK": f"ENTITY#ProjectMember#2026#{invoice_project}"}
    table.put_many([{"PK": place.pk, "SK": place.sk, **forged, **listed}])
    feed.runs()

    assert found(eve, issued["number"]) == found(eve, issued["invoice"]) == []


def test_without_the_scope_nothing_is_found(firm: Firm, issued: dict[str, str]):
    keyed = Person(firm.ada.user_id, firm.ada.tenant_id, firm.ada.issuer, "search:read projects:read payments:admin")

    assert asks(keyed, f"q={issued['number']}").body["items"] == []


def test_a_role_that_was_lost_finds_nothing_at_once(firm: Firm, issued: dict[str, str]):
    dana = brought(firm, "finance")
    before = found(dana, issued["number"])
    brought_as = firm.ada.put(f"{firm.project}/members/{dana.user_id}", {"roles": ["viewer"]})

    assert (before, brought_as.status, found(dana, issued["number"])) == ([issued["invoice"]], 200, [])


def test_somebody_who_was_taken_out_of_the_project_finds_nothing_at_once(firm: Firm, issued: dict[str, str]):
    dana = brought(firm, "finance")
    before = found(dana, issued["number"])
    removed = firm.ada.delete(f"{firm.project}/members/{dana.user_id}")

    assert (before, removed.status, found(dana, issued["number"])) == ([issued["invoice"]], 204, [])


def test_who_is_disabled_or_has_left_the_tenant_finds_nothing(firm: Firm, issued: dict[str, str]):
    admin, dana = firm.ada.colleague("admin"), brought(firm, "finance")
    as_searchers = [Person(each.user_id, each.tenant_id, each.issuer) for each in (admin, dana)]
    before = [found(each, issued["number"]) for each in (admin, dana)]
    enrol(as_searchers[0], role="admin", disabled=True)
    expel(as_searchers[1])

    assert before == [[issued["invoice"]], [issued["invoice"]]]
    assert found(admin, issued["number"]) == found(dana, issued["number"]) == []


def test_a_new_role_is_found_as_soon_as_the_memberships_are_looked_at_again(firm: Firm, issued: dict[str, str]):
    dana = brought(firm, "viewer")
    before = found(dana, issued["number"])
    firm.ada.put(f"{firm.project}/members/{dana.user_id}", {"roles": ["finance"]})
    memberships.forget()

    assert (before, found(dana, issued["number"])) == ([], [issued["invoice"]])


def test_an_admin_who_is_one_no_more_finds_nothing_at_once(firm: Firm, issued: dict[str, str]):
    admin = firm.ada.colleague("admin")
    before = found(admin, issued["number"])
    enrol(Person(admin.user_id, admin.tenant_id, admin.issuer), role="member")

    assert (before, found(admin, issued["number"])) == ([issued["invoice"]], [])


def test_a_credit_note_is_found_by_its_number_its_reason_and_its_client(firm: Firm, issued: dict[str, str], feed: Feed):
    lines = [{"number": 1, "net_minor_units": 1000}]
    made = firm.post(f"/invoices/{issued['invoice']}/credit-notes", {"lines": lines, "reason": "The gears rattle."})
    assert made.status == 201, made.body
    feed.runs()
    note_id, number = made.body["credit_note_id"], made.body["number"]

    assert found(firm.ada, number) == found(firm.ada, "rattle") == [note_id]
    assert {*found(firm.ada, "royal")} == {note_id, issued["invoice"]}
    assert hit(firm.ada, number)["url"] == f"#/payments/invoices/{issued['invoice']}"
    assert hit(firm.ada, number)["parent"] == {"type": "invoice", "id": issued["invoice"]}
    assert found(brought(firm, "client"), number) == [note_id]
    assert found(brought(firm, "verifier"), number) == []


def test_a_financing_request_is_found_by_those_who_may_ask_for_money_by_its_purpose(
    firm: Firm, issued: dict[str, str], feed: Feed
):
    asked = {"amount_minor_units": 1_000_000, "currency": "EUR", "yearly_percent": "12", "instalment_count": 12}
    made = firm.post("/financing-requests", {**asked, "invoice_ids": [issued["invoice"]], "purpose": "Copper pipes"})
    assert made.status == 201, made.body
    feed.runs()
    finance, client = brought(firm, "finance"), brought(firm, "client")

    copper = hit(firm.ada, "copper")
    assert (copper["type"], copper["url"]) == ("financing_request", f"#/payments/advances/{made.body['financing_id']}")
    assert found(finance, "copper") == found(firm.ada.colleague("admin"), "copper") == [made.body["financing_id"]]
    assert found(client, "copper") == found(firm.ada.colleague(), "copper") == []
