"""Models of answers that are named and not imported before somebody asks for them."""

import sys

import pytest

from shared.api.replies import Replies


def test_a_model_is_imported_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "shelve", raising=False)
    reply = Replies("shelve").Shelf
    named = "shelve" in sys.modules

    assert reply.model().__name__ == "Shelf"
    assert (named, "shelve" in sys.modules) == (False, True)


def test_a_name_that_there_is_not_is_told_when_the_reference_is_made():
    with pytest.raises(AttributeError, match="Nothing"):
        Replies("shelve").Nothing.model()
