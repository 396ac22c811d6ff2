"""Which language a reader gets."""

import pytest

from shared.templates.catalogues import lookup

TEXTS = {"en": "Goal", "de": "Ziel", "de-AT": "Zü", "pt-BR": "Meta", "zh-Hant": "目標"}


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (["de"], "Ziel"),
        (["de-CH"], "Ziel"),
        (["de-at"], "Zü"),
        (["DE-AT-1996"], "Zü"),
        (["pt-BR"], "Meta"),
        (["pt"], "Goal"),
        (["pt-PT"], "Goal"),
        (["zh-Hant-TW"], "目標"),
        (["zh-Hans"], "Goal"),
        (["fr", "de-DE"], "Ziel"),
        ([None, "de"], "Ziel"),
        (["de-x-de"], "Ziel"),
        ([""], "Goal"),
        ([], "Goal"),
    ],
)
def test_a_reader_gets_the_nearest_of_what_they_want(wanted: list[str | None], text: str) -> None:
    assert lookup(TEXTS, *wanted) == text


def test_a_catalogue_without_its_fallback_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        lookup({"de": "Ziel"}, "fr")
