"""From a change of a document until it is found, in process: table, events, queue, index, answer."""

from tests.search.people import Backbone, Person


def test_what_was_stored_is_found_once_it_is_indexed(ada: Person, backbone: Backbone):
    ada.makes()
    changed = ada.syncs("upsert", {"id": "moby", "title": "Moby-Dick; or, The Whale", "pages": 635, "tags": ["sea"]})
    before = ada.finds("whale")
    backbone.runs()
    found = ada.searches("whales", query_by="title", facet_by="tags")
    shown = ada.get("/collections/books/documents/moby").body

    assert changed.body == {"id": "moby", "version": 1, "index": {"state": "pending", "version": 1}}
    assert before == []
    assert (found["found"], found["out_of"], found["page"]) == (1, 1, 1)
    (hit,) = found["hits"]
    assert hit["document"] == {"id": "moby", "title": "Moby-Dick; or, The Whale", "pages": 635, "tags": ["sea"]}
    assert hit["highlights"] == [
        {
            "field": "title",
            "index": None,
            "snippet": "Moby-Dick; or, The <mark>Whale</mark>",
            "matched_tokens": ["Whale"],
        }
    ]
    assert found["facet_counts"] == [{"field_name": "tags", "counts": [{"value": "sea", "count": 1}]}]
    assert shown["index"] == {"state": "indexed", "version": 1}
    assert ada.get("/collections/books").body["num_documents"] == 1
    assert backbone.failed == []
