import pytest

from tests.search.people import BOOKS, Backbone, Person

LIBRARY = [
    {"id": "emma", "title": "Emma", "author": "Austen", "pages": 474, "price": 5.0, "in_print": True},
    {"id": "moby", "title": "The White Whale", "author": "Melville", "pages": 635, "price": 9.0, "tags": ["sea"]},
    {"id": "typee", "title": "Typee and the whale", "author": "Melville", "pages": 325, "price": 7.0, "in_print": True},
]


@pytest.fixture
def ada(pepper: str, ada: Person, backbone: Backbone) -> Person:
    ada.makes(fields=[each | ({"facet": True} if each["name"] in {"pages", "price"} else {}) for each in BOOKS])
    ada.stores(*LIBRARY)
    backbone.runs()
    return ada
