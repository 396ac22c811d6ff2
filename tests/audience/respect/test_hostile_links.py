"""Links of messages in the hands of somebody else: changed, used for another purpose, and kept out of logs."""

import base64

import pytest

from functions.audience import api, resolver
from functions.audience.tracking import tokens
from tests.audience.people import Person
from tests.audience.receipts.telling import Post
from tests.audience.respect import getting
from tests.audience.respect.getting import EMAIL, opens, posts
from tests.audience.tracking import reading
from tests.audience.tracking.reading import ADDRESSES, gets, written
from tests.aws.entries import Answer, call, http_event

LINKS = ("unsubscribe", "opt-in", "clicks", "opens")


@pytest.fixture(autouse=True)
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    return Post(monkeypatch)


@pytest.fixture
def made(ada: Person) -> dict[str, str]:
    """Return the tokens that messages to a lead have, by what they are for."""
    lead = str(ada.creates(emails=[EMAIL], consent={"email": "granted"})["lead_id"])
    counted = reading.sent_to(ada, lead)
    return {
        "unsubscribe": getting.sent_to(ada, lead).token,
        "clicks": written(counted, kind="click"),
        "opens": written(counted),
    }


def asks(path: str, query: str, method: str = "GET") -> Answer:
    return call(api.handler, resolver.api, http_event(method, f"/api/v1/{path}", query=query))


@pytest.mark.parametrize("purpose", ["unsubscribe", "clicks", "opens"])
def test_a_token_is_good_for_its_purpose_only(ada: Person, post: Post, made: dict[str, str], purpose: str):
    token = made[purpose]
    answers = {page: posts(token, page=page) for page in ("unsubscribe", "opt-in") if page != purpose}
    gets(tokens.OPENS, token if purpose != "opens" else made["clicks"])
    clicked = gets(tokens.CLICKS, token if purpose != "clicks" else made["opens"])

    assert {(each.status, each.code) for each in answers.values()} == {(404, "MessageLinkNotFound")}
    assert (clicked.status, "Location" in clicked.headers) == (200, False)
    assert post.waiting == []
    assert ada.get("/suppressions").body["items"] == []


def test_a_proof_of_one_purpose_proves_no_other(ada: Person, post: Post, made: dict[str, str]):
    """Content of a link to unsubscribe with the proof of a link that was clicked, and the other way round."""
    left, clicked = (base64.urlsafe_b64decode(made[each] + "==") for each in ("unsubscribe", "clicks"))
    mixed = [left[:-16] + clicked[-16:], clicked[:-16] + left[-16:]]
    texts = [base64.urlsafe_b64encode(each).decode().rstrip("=") for each in mixed]

    assert [posts(each).status for each in texts] == [404, 404]
    assert ["Location" in gets(tokens.CLICKS, each).headers for each in texts] == [False, False]


def test_what_a_program_adds_to_a_link_keeps_nobody_from_leaving(ada: Person, made: dict[str, str]):
    added = f"{made['unsubscribe']}&utm_source=mail&token_=x"
    shown, left = opens(added), posts(added)

    assert (shown.status, left.status) == (200, 200)
    assert [each["reasons"] for each in ada.get("/suppressions").body["items"]] != []


@pytest.mark.parametrize("token", ["%00", "%C3%A9" * 20, "%FF%FE", "%ED%A0%80", "", "A" * 256, "%0D%0ASet-Cookie:a=b"])
@pytest.mark.parametrize("path", LINKS)
def test_what_is_no_token_is_a_page_or_a_picture_and_no_failure(ada: Person, path: str, token: str):
    answer = asks(path, f"token={token}")

    assert answer.status == 200
    assert {"Location", "Set-Cookie"} & {*answer.headers} == set()


@pytest.mark.parametrize("query", ["", "token=a&token=b", f"token={'A' * 257}", f"token={'A' * 100_000}"])
@pytest.mark.parametrize("path", LINKS)
def test_a_token_that_is_missing_or_too_long_is_refused_and_not_repeated(path: str, query: str):
    answer = asks(path, query)

    assert (answer.status, answer.fields) == (422, ["token"])
    assert "A" * 50 not in str(answer.body)


def test_a_link_leads_to_the_tenants_address_alone(made: dict[str, str]):
    for added in ("&url=//evil.example", "&Location=https://evil.example", "%0d%0aLocation:https://evil.example"):
        answer = asks("clicks", f"token={made['clicks']}{added}")
        assert answer.headers.get("Location", ADDRESSES[0]) == ADDRESSES[0]


def test_no_token_is_in_a_log_line(made: dict[str, str], capsys: pytest.CaptureFixture[str]):
    for token in (*made.values(), *(f"{each}&token={each}" for each in made.values())):
        for path in LINKS:
            asks(path, f"token={token}")
        asks("unsubscribe", f"token={token}", "POST")
        asks("opt-in", f"token={token}", "POST")
    said = "".join(capsys.readouterr())

    assert "follow_link" in said
    assert [each for each in made.values() if each in said or each[:40] in said] == []
