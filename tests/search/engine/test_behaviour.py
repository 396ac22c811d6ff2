"""What the engine finds, in which order, and how it counts: the suite that every engine passes."""

from typing import Any

import pytest

from functions.search.engine.asked import Facet, Range, Searched
from functions.search.engine.ports import TooManySorted
from tests.search.engine.indexes import Engine, Opens
from tests.search.schemas import AUTHOR, IN_PRINT, PAGES, PUBLISHED_AT, TAGS, TITLE

BOOKS: dict[str, dict[str, Any]] = {
    "emma": {
        "title": "Emma",
        "author": "Austen",
        "pages": 474,
        "price": 7.5,
        "in_print": True,
        "published_at": "1815-12-23T00:00:00Z",
    },
    "moby": {
        "title": "Moby-Dick; or, The Whale",
        "author": "Melville",
        "pages": 635,
        "price": 12.0,
        "tags": ["sea", "whales of the south"],
        "in_print": True,
    },
    "typee": {"title": "Typee: A Peep at Polynesian Life", "author": "Melville", "pages": 325, "tags": ["sea"]},
    "running": {"title": "Running a marathon", "pages": -(2**63), "in_print": False},
    "runner": {"title": "The Runner", "pages": 2**63 - 1, "price": -0.0},
    "muller": {"title": "Die Müllerin", "author": "Firm && Co."},
    "mueller": {"title": "Herr Mueller", "author": "SPDR Gold Shares (GLD)"},
    "tokyo": {"title": "東京の日本語", "author": ""},
    "hindi": {"title": "नमस्ते दुनिया", "tags": ["a, b", "c"]},
    "invoice": {"title": "Invoice INV-202603-0001 of 2026-11", "tags": ["smart-home/home-appliances"]},
    "device": {
        "title": "Devices",
        "tags": ["smart-home/smart-appliances"],
        "published_at": "2026-11-20T17:45:00+05:45",
    },
}
EVERYTHING = sorted(BOOKS)


@pytest.fixture(scope="module")
def engine(opens: Opens) -> Engine:
    return opens(BOOKS)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("emma", ["emma"]),
        ("EMMA", ["emma"]),
        ("whale", ["moby"]),
        ("whales", ["moby"]),
        ("wahle", ["moby"]),
        ("whale white", []),
        ("moby dick", ["moby"]),
        ("moby-dick", ["moby"]),
        ("polynesian", ["typee"]),
        ("polynesain", ["typee"]),
        ("polinesain", ["typee"]),
        ("pol", ["typee"]),
        ("emna", ["emma"]),
        ("ema", []),
        ("run", ["running", "runner"]),
        ("runs", ["running"]),
        ("Müllerin", ["muller", "mueller"]),
        ("muellerin", ["muller", "mueller"]),
        ("mullerin", ["muller"]),
        ("müller", ["mueller", "muller"]),
        ("mueller", ["mueller", "muller"]),
        ("日本", ["tokyo"]),
        ("日本語", ["tokyo"]),
        ("語", ["tokyo"]),
        ("東", ["tokyo"]),
        ("本日", []),
        ("दुनिया", ["hindi"]),
        ("दुनि", ["hindi"]),
        ("INV-202603-0001", ["invoice"]),
        ("inv-202603-0002", []),
        ("INV-202603-001", []),
        ("INV-202603-000", ["invoice"]),
        ("INV-2026", ["invoice"]),
        ("INV-2027", []),
        ("2026-11", ["invoice"]),
        ("2026-12", []),
        ("0001", ["invoice"]),
        ('"the whale"', ["moby"]),
        ('"whale the"', []),
        ('"the wahle"', []),
        ('"sea whales"', []),
        ("sea", ["typee", "moby"]),
        ("sea -whale", ["typee"]),
        ('sea -"the whale"', ["typee"]),
        ("-sea", [each for each in EVERYTHING if each not in {"moby", "typee"}]),
        ("*", EVERYTHING),
        ("title:emma", []),
        ("emma OR moby", []),
        ("emma* AND", []),
        ("[a TO z]", []),
    ],
)
def test_a_question_finds(engine: Engine, q: str, expected: list[str]):
    found = engine.search(q, limit=20)

    assert [hit.id for hit in found.hits] == expected
    assert found.found == len(expected)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("author:=Melville", ["moby", "typee"]),
        ("author:=melville", []),
        ("author:=Mel", []),
        ("author:melville", ["moby", "typee"]),
        ("author:=`Firm && Co.`", ["muller"]),
        ("author:=SPDR Gold Shares (GLD)", ["mueller"]),
        ("author:=``", ["tokyo"]),
        ("author:=[Austen, Melville]", ["emma", "moby", "typee"]),
        ("author:!=[Austen, Melville]", [each for each in EVERYTHING if each not in {"emma", "moby", "typee"}]),
        ("author:!=Melville && author:!=Austen && pages:>=325", ["runner"]),
        ("tags:=sea", ["moby", "typee"]),
        ("tags:=whales", []),
        ("tags:whales", ["moby"]),
        ("tags:`whales sea`", []),
        ("tags:`sea whales`", []),
        ("tags:=[`a, b`]", ["hindi"]),
        ("tags:=[a, b]", []),
        ("tags:smart-home/home-appliances", ["invoice"]),
        ("tags:smart-home", ["device", "invoice"]),
        ("tags:=smart-home/smart-appliances", ["device"]),
        ("tags:!=sea", [each for each in EVERYTHING if each not in {"moby", "typee"}]),
        ("pages:635", ["moby"]),
        ("pages:>474", ["moby", "runner"]),
        ("pages:>=474", ["emma", "moby", "runner"]),
        ("pages:<325", ["running"]),
        ("pages:<=325", ["running", "typee"]),
        ("pages:[325..474]", ["emma", "typee"]),
        ("pages:[325..400, 635]", ["moby", "typee"]),
        ("pages:9223372036854775807", ["runner"]),
        ("pages:-9223372036854775808", ["running"]),
        ("pages:!=635", [each for each in EVERYTHING if each != "moby"]),
        ("price:0", ["runner"]),
        ("price:>=-0.0", ["emma", "moby", "runner"]),
        ("price:[7.5..12]", ["emma", "moby"]),
        ("in_print:true", ["emma", "moby"]),
        ("in_print:!=true", [each for each in EVERYTHING if each not in {"emma", "moby"}]),
        ("in_print:false", ["running"]),
        ("published_at:2026-11-20T12:00:00Z", ["device"]),
        ("published_at:2026-11-20T13:00:00+01:00", ["device"]),
        ("published_at:<1900-01-01T00:00:00Z", ["emma"]),
        ("author:=Melville && (pages:<400 || tags:whales)", ["moby", "typee"]),
        ("author:=Austen || tags:=sea && pages:<400", ["emma", "typee"]),
        ("__proto__:=x || $where:=x", []),
    ],
)
def test_a_filter_leaves(engine: Engine, where: str, expected: list[str]):
    assert engine.finds(where=where, limit=20) == expected


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("pages:desc", ["runner", "moby", "emma", "typee", "running", "device"]),
        ("pages:asc", ["running", "typee", "emma", "moby", "runner", "device"]),
        ("price:asc", ["runner", "emma", "moby", "device"]),
        ("author:asc", ["tokyo", "emma", "muller", "moby", "typee", "mueller", "device"]),
        ("author:asc,pages:asc", ["tokyo", "emma", "muller", "typee", "moby", "mueller", "running"]),
        ("in_print:desc,price:asc", ["emma", "moby", "running", "runner", "device"]),
        ("published_at:desc,_text_match:desc", ["device", "emma", "hindi"]),
    ],
)
def test_hits_are_sorted_and_what_is_missing_comes_last(engine: Engine, sort: str, first: list[str]):
    assert engine.finds(sort=sort, limit=20)[: len(first)] == first


def test_what_is_exact_comes_before_stems_beginnings_and_typos(opens: Opens):
    titles = {"d": "whale", "c": "whales", "b": "whalebone", "a": "wahle", "e": "shark"}
    engine = opens({id_: {"title": title} for id_, title in titles.items()})

    assert engine.finds("whale") == ["d", "c", "b", "a"]
    assert engine.finds("whale", prefix=False, num_typos=0) == ["d", "c"]


def test_a_rare_word_counts_for_more_and_a_weight_decides(opens: Opens):
    documents = {"a": {"title": "sea sea sea", "tags": ["ship"]}, "b": {"title": "ship of the sea", "tags": ["sea"]}}
    engine = opens(documents)

    assert engine.finds("ship", searched=[Searched(TITLE, 1.0), Searched(TAGS, 0.1)]) == ["b", "a"]
    assert engine.finds("ship", searched=[Searched(TITLE, 0.1), Searched(TAGS, 1.0)]) == ["a", "b"]
    assert engine.finds("sea", searched=[Searched(TITLE, 1.0)])[0] == "a"


def test_every_beginning_of_a_title_finds_it_from_three_letters_on(engine: Engine):
    titles = {id_: book["title"] for id_, book in BOOKS.items() if id_ not in {"hindi", "tokyo"}}
    missed = [
        (id_, title[:length])
        for id_, title in titles.items()
        for length in range(3, len(title) + 1)
        if id_ not in engine.finds(title[:length])
    ]

    assert missed == []


def test_pages_of_hits_that_are_equal_have_each_of_them_once(opens: Opens):
    engine = opens({f"id-{number:03}": {"title": "Same"} for number in range(120)})
    for q in ("same", "*"):
        pages = [engine.finds(q, limit=25, offset=offset) for offset in range(0, 125, 25)]

        assert [id_ for page in pages for id_ in page] == [f"id-{number:03}" for number in range(120)]
    assert engine.finds("same", limit=10, offset=500) == []


@pytest.mark.parametrize(
    "q", ["whale", "whales", "wahle", "whal", "running", "müllerin", "a", "die müllerin", '"a peep"']
)
@pytest.mark.parametrize("num_typos", [0, 2])
@pytest.mark.parametrize("prefix", [False, True])
@pytest.mark.parametrize("searched", [[Searched(TITLE, 1.0)], [Searched(TITLE, 1.0), Searched(TAGS, 0.5)]])
def test_a_filter_that_everything_passes_changes_no_match(
    engine: Engine,
    q: str,
    num_typos: int,
    prefix: bool,  # noqa: FBT001
    searched: list[Searched],
):
    asked: dict[str, Any] = {"num_typos": num_typos, "prefix": prefix, "searched": searched}
    found, narrowed = engine.search(q, **asked), engine.search(q, where="title:!=nothing", **asked)

    assert narrowed == found
    assert all(hit.text_match for hit in found.hits)


def test_a_word_whose_accents_give_it_another_stem_is_found_within_a_filter(opens: Opens):
    engine = opens({"a": {"title": "Resumes"}, "b": {"title": "Résumés"}, "c": {"title": "Another"}})
    asked: dict[str, Any] = {"num_typos": 0, "prefix": False, "searched": [Searched(TITLE, 1.0)]}

    for q in ("resumes", "résumés"):
        assert engine.finds(q, where="title:!=nothing", **asked) == ["a", "b"]
        assert engine.search(q, where="title:!=nothing", **asked) == engine.search(q, **asked)


def test_values_are_counted_in_all_hits(engine: Engine):
    asked = [Facet(TAGS), Facet(AUTHOR), Facet(IN_PRINT)]
    counts = engine.search(where="author:=[Melville, Austen]", facets=asked, limit=1).counts

    assert [tuple(each) for each in counts[TAGS]] == [("sea", 2), ("whales of the south", 1)]
    assert [tuple(each) for each in counts[AUTHOR]] == [("Melville", 2), ("Austen", 1)]
    assert [tuple(each) for each in counts[IN_PRINT]] == [(1, 2)]


def test_ranges_are_counted_from_their_lower_end_to_below_their_upper_end(engine: Engine):
    ranges = [Range("short", None, 325), Range("middle", 325, 635), Range("long", 635, None)]
    counts = engine.search(facets=[Facet(PAGES, ranges), Facet(PUBLISHED_AT, [Range("old", None, 0)])]).counts

    assert [tuple(each) for each in counts[PAGES]] == [("short", 1), ("middle", 2), ("long", 2)]
    assert [tuple(each) for each in counts[PUBLISHED_AT]] == [("old", 1)]


def test_groups_have_their_best_hits(engine: Engine):
    found = engine.search(where="pages:>0", sort="pages:asc", group=AUTHOR, group_limit=1)

    assert [(hit.group, hit.id) for hit in found.hits] == [("Melville", "typee"), ("Austen", "emma"), (None, "runner")]
    assert engine.search(where="pages:>0", group=AUTHOR, limit=1, offset=1).hits[0].group == "Melville"


def test_more_than_can_be_looked_at_is_neither_grouped_nor_sorted_by_two(opens: Opens, monkeypatch: pytest.MonkeyPatch):
    engine = opens({str(number): {"title": "Same", "pages": number} for number in range(12)})
    monkeypatch.setattr("functions.search.engine.ports.MOST_SORTED", 10)

    with pytest.raises(TooManySorted):
        engine.search(sort="pages:asc,price:asc")
    with pytest.raises(TooManySorted):
        engine.search(group=AUTHOR)
    assert engine.finds(sort="pages:desc", limit=3) == ["11", "10", "9"]
