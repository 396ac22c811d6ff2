"""Payments of one project: in every status, in one, page by page, and for whom."""

from collections.abc import Mapping
from typing import Any

from functions.payments.releases import reading
from tests.aws import troubles
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import REASON, TERMS, called_by, goes_on, issued, post


def ids(listed: Mapping[str, Any]) -> list[str]:
    return [each["payment_id"] for each in listed["items"]]


def test_the_payments_of_a_project_are_listed_by_status_and_page_by_page(firm: Firm, dana: Person):
    older, newer, elsewhere = (issued(each) for each in (firm, firm, Firm.opened(firm.ada, **TERMS)))
    firm.issues(firm.verified(100_000), draft=True)
    goes_on(firm, older)
    goes_on(firm, newer)
    assert post(dana, f"{older}/hold", REASON).status == 200
    project = f"project_id={firm.project.rpartition('/')[2]}"
    pages = [firm.get("/payments", f"{project}&limit=2").body]
    while pages[-1]["next_cursor"]:
        pages.append(firm.get("/payments", f"{project}&limit=2&cursor={pages[-1]['next_cursor']}").body)
    over_graphql = dana.ask("payments", projectId=firm.project.rpartition("/")[2], status="invoiced").data["items"]

    assert [f"/payments/{each}" for page in pages for each in ids(page)] == [newer, older]
    assert [f"/payments/{each}" for each in ids(firm.get("/payments", f"{project}&status=on_hold").body)] == [older]
    assert [f"/payments/{each['paymentId']}" for each in over_graphql] == [newer]
    assert elsewhere.rpartition("/")[2] in ids(firm.get("/payments").body)


def test_they_take_one_query_and_two_calls(firm: Firm, dana: Person):
    for _ in range(3):
        issued(firm)
    with troubles.counting() as calls:
        found, _ = reading.of_project(called_by(dana), firm.project.rpartition("/")[2], None, limit=20, cursor=None)

    assert (len(found), len(calls)) == (3, 3)


def test_they_are_for_those_who_see_the_money_of_the_project(firm: Firm):
    issued(firm)
    project = firm.project.rpartition("/")[2]
    viewer = firm.purse(somebody=firm.ada.brings(firm.project, firm.ada.colleague(), "viewer"))
    stranger = firm.purse(somebody=firm.ada.colleague())
    refused = {
        "viewer": viewer.get("/payments", f"project_id={project}"),
        "stranger": stranger.get("/payments", f"project_id={project}"),
        "no project": viewer.get("/payments", "project_id=prj_1"),
    }

    assert {who: (each.status, each.code) for who, each in refused.items()} == {
        "viewer": (403, "AmountsHidden"),
        "stranger": (404, "ProjectNotFound"),
        "no project": (404, "ProjectNotFound"),
    }
