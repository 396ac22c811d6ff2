"""What is asked and answered: cursors, scopes, guests, hostile words and titles; nothing of it is in the log."""

import re
from pathlib import Path

import pytest

from functions.search.collections import pointers, tenant_index
from functions.search.everything import consumers, searching
from shared.messaging import search_feed
from shared.storage import table
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.goals.people import Person
from tests.search.everything.feeding import Feed, asks, finds, hits
from tests.search.indexing.runs import kept


def all_pages(person: Person, query: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = asks(person, f"{query}&cursor={cursor}" if cursor else query)
        found += [each["id"] for each in answer.body["items"]]
        cursor = answer.body["next_cursor"]
    return found


def test_pages_together_have_every_hit_once(ada: Person, feed: Feed):
    goals = {ada.sets_goal(title=f"Paint {'the house ' * (number % 3)}")["goal_id"] for number in range(7)}
    feed.runs()

    for limit in (1, 2, 3, 7):
        found = all_pages(ada, f"q=paint&limit={limit}")
        assert (len(found), {*found}) == (7, goals)
    assert all_pages(ada, "q=*&limit=3") == sorted(goals)


def test_a_cursor_is_good_for_the_same_caller_and_the_same_search_alone(ada: Person, bob: Person, feed: Feed):
    for person in (ada, bob):
        for _ in range(3):
            person.sets_goal(title="Paint the house")
    feed.runs()
    cursor = asks(ada, "q=paint&limit=1").body["next_cursor"]
    again = asks(ada, f"q=paint&limit=2&cursor={cursor}")
    others = [
        asks(bob, f"q=paint&limit=1&cursor={cursor}"),
        asks(ada, f"q=house&limit=1&cursor={cursor}"),
        asks(ada, f"q=paint&types=goal&limit=1&cursor={cursor}"),
        asks(ada.holding("goals:read search:read"), f"q=paint&limit=1&cursor={cursor}"),
        asks(ada, "q=paint&cursor=bm9uZQ"),
    ]

    assert len(again.body["items"]) == 2
    assert [(each.status, each.code) for each in others] == [(400, "Malformed")] * 5


@pytest.mark.parametrize("query", ["q=", "limit=5", "q=-", "q=%22%22", f"q={'a+' * 60}", f"q={'a' * 501}"])
def test_a_search_without_words_or_with_too_many_is_refused(query: str, ada: Person, feed: Feed):
    assert asks(ada, query).status in {400, 422}


@pytest.mark.parametrize("types", ["gaol", "goal,taks", "Goal", "goal;task"])
def test_a_type_that_there_is_not_is_refused_with_those_that_there_are(types: str, ada: Person, feed: Feed):
    refused = asks(ada, f"q=paint&types={types}")

    assert (refused.status, refused.fields) == (422, ["types"])
    assert "goal, task, milestone, element" in refused.body["errors"][0]["reason"]


def test_every_type_that_contexts_feed_can_be_asked_for_and_takes_the_scope_of_its_context():
    texts = [path.read_text("utf-8") for path in Path("functions").glob("*/finding/findables.py")]
    scopes = [re.findall(r'^SCOPE: Final = "(.+)"$', text, re.MULTILINE) for text in texts]
    types = [re.findall(r'^ +type="(\w+)",$', text, re.MULTILINE) for text in texts]

    assert {each: scope for own, (scope,) in zip(types, scopes, strict=True) for each in own} == searching.TYPES


def test_types_may_have_spaces_between_them_or_be_none(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Paint the house")
    feed.runs()

    for types in ("goal", "goal,%20task,", "%20", "", ","):
        assert [hit["id"] for hit in asks(ada, f"q=paint&types={types}").body["items"]] == [goal["goal_id"]]


def test_only_types_are_found_whose_own_scope_the_caller_holds(ada: Person, feed: Feed):
    ada.sets_goal(title="Paint the house")
    feed.runs()

    assert finds(ada.holding("search:read milestones:read"), "paint") == []
    assert asks(ada.holding("goals:read"), "q=paint").status == 403


def test_what_takes_a_scope_that_the_caller_lacks_is_not_read(ada: Person, feed: Feed, calls: list[str]):
    ada.sets_goal(title="Paint the house")
    feed.runs()
    read = []
    for scopes in ("search:read goals:read", "search:read milestones:read"):
        calls.clear()
        finds(ada.holding(scopes), "paint")
        read.append(calls.count("BatchGetItem"))

    # The one is for who calls.
    assert read == [3, 1]


def test_what_takes_a_scope_that_search_does_not_know_is_found_by_who_holds_it(ada: Person, feed: Feed):
    for ref, scope in (("one", "tides:read"), ("two", "search:read")):
        tell(feed, ada.tenant_id, ref, [search_feed.for_members(ada.tenant_id)], scope=scope)

    assert finds(ada, "secret") == ["two"]
    assert finds(ada.holding("search:read"), "secret") == ["two"]
    assert finds(ada.holding("search:read tides:read"), "secret") == ["one", "two"]


def test_a_guest_reads_nothing_as_a_member_of_the_tenant(ada: Person, feed: Feed):
    tell(feed, ada.tenant_id, "one", [search_feed.for_members(ada.tenant_id)])

    assert finds(ada, "secret") == ["one"]
    assert asks(ada, "q=secret", roles=("guest",)).body["items"] == []


def test_a_project_is_read_in_a_role_of_it(ada: Person, feed: Feed):
    """As projects will feed it: the item says the role, and readers of other roles find nothing."""
    place = (f"USER#{ada.user_id}", "GOAL#role")
    table.put_many([{"PK": place[0], "SK": place[1], "entity": "Goal", "role": "lead"}])
    for ref, roles in (("open", ["lead", "auditor"]), ("closed", ["auditor"])):
        needed = search_feed.Needed("USER#{caller}", place[1], {"role": roles})
        tell(feed, ada.tenant_id, ref, [search_feed.Grant([f"user:{ada.user_id}"], [needed])])

    assert finds(ada, "secret") == ["open"]


def tell(feed: Feed, tenant_id: str, ref: str, grants: list[search_feed.Grant], *, scope: str = "search:read") -> None:
    """Feed something that is not of any context yet."""
    table.put_many([{"PK": "THING", "SK": ref, "entity": "Thing", "title": "Secret"}])
    findable = search_feed.Findable(
        tenant_id,
        ref,
        "thing",
        ref,
        scope,
        [search_feed.Needed("THING", ref)],
        grants,
        [search_feed.Text("title")],
        [],
    )
    search_feed.send([search_feed.fed(findable, 1, [{"title": "Secret"}])])
    feed.runs()


@pytest.mark.parametrize(
    ("title", "query", "snippet"),
    [
        ("<script>alert(1)</script>", "alert", "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;"),
        ('Tom &amp; Jerry\'s "house"', "jerry", "Tom &amp;amp; <mark>Jerry</mark>&#x27;s &quot;house&quot;"),
        ("مرحبا بالعالم", "مرحبا", "<mark>مرحبا</mark> بالعالم"),
        ("👩‍🚀 to the moon", "moon", "👩‍🚀 to the <mark>moon</mark>"),
        ("__proto__ {caller} #{x}", "caller", "__proto__ {<mark>caller</mark>} #{x}"),
        ("ToDo <mark>x</mark>", "todo", "<mark>ToDo</mark> &lt;mark&gt;x&lt;/mark&gt;"),
    ],
)
def test_hostile_titles_are_found_and_escaped(title: str, query: str, snippet: str, ada: Person, feed: Feed):
    ada.sets_goal(title=title)
    feed.runs()
    (hit,) = hits(ada, query)

    assert hit["title"] == title
    assert hit["highlights"][0]["snippet"] == snippet


def test_what_is_searched_and_found_is_in_no_log(ada: Person, feed: Feed, capsys: pytest.CaptureFixture[str]):
    ada.sets_goal(title="Unspeakable plan", description="Clandestine")
    feed.runs()
    asks(ada, "q=unspeakable+clandestine")
    asks(ada, f"q=unspeakable&cursor={'x' * 40}")
    said = capsys.readouterr()

    assert "nspeakable" not in said.out + said.err
    assert "landestine" not in said.out + said.err


def test_another_tenant_changes_no_byte_of_an_index(ada: Person, eve: Person, feed: Feed):
    ada.sets_goal(title="Paint the house")
    feed.runs()
    before = objects_of(ada)
    eve.sets_goal(title="Paint the house, paint the garden, paint everything")
    feed.runs()

    assert objects_of(ada) == before
    assert objects_of(eve).keys() & before.keys() == set()


def objects_of(person: Person) -> dict[str, str]:
    """Return what says which files are the index of somebody's tenant, and the objects that they are in."""
    pointer = pointers.find(tenant_index.id_of(person.tenant_id), consistent=True)
    assert pointer is not None
    assert pointers.objects(pointer) <= kept()
    return {part.object: pointer.meta for part in pointer.parts}


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[]",
        "{}",
        '{"tenant_id": "tenant_x", "ref": "a", "version": 1, "content": null}',
        '{"tenant_id": "tenant_01M7WD7TG0D2232TKC7646FJ59", "ref": "a", "version": "1", "content": null}',
    ],
)
def test_a_message_that_says_nothing_ends_with_the_dead_letters(body: str, feed: Feed):
    answer = consumers.handler(batch([body]), Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
