"""A title is found while it is still being typed, in any script, and exactly where nothing may be guessed."""

import unicodedata

import pytest

from tests.search.engine.indexes import Engine, opened

TITLES = [
    "Moby-Dick; or, The Whale",
    "Typee: A Peep at Polynesian Life",
    "Pride and Prejudice",
    "Die Müllerin im Mühlental",
    "Über den Dächern",
    "Größe und Maß",
    "El niño y la montaña",
    "Les Misérables",
    "Œuvres complètes",
    "Smörgåsbord i Åre",
    "Łódź nocą",
    "Преступление и наказание",
    "Ιλιάδα και Οδύσσεια",
    "אלף לילה ולילה",
    "كتاب ألف ليلة وليلة",
    "東京の日本語学校",
    "吾輩は猫である",
    "नमस्ते दुनिया की कहानी",
    "गोदान और अन्य कहानियाँ",
    "Invoice INV-202603-0001 of 2026-11",
    "Firm && Co. (GLD), 2nd edition",
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    titles = {f"t{number:02}": {"title": title} for number, title in enumerate(TITLES)}
    return opened(tmp_path_factory.mktemp("titles"), titles, language=None)


@pytest.mark.parametrize("title", TITLES)
def test_every_beginning_from_three_letters_on_finds_its_title(engine: Engine, title: str):
    id_ = f"t{TITLES.index(title):02}"
    beginnings = [title[:length] for length in range(3, len(title) + 1)]

    assert [each for each in beginnings if id_ not in engine.finds(each, limit=25)] == []


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_found_in_every_form_of_its_characters(engine: Engine, title: str, form: str):
    sent = unicodedata.normalize(form, title)  # type: ignore[arg-type]

    assert engine.finds(sent, limit=25) == [f"t{TITLES.index(title):02}"]


@pytest.mark.parametrize(
    ("q", "title"),
    [
        ("muellerin", "Die Müllerin im Mühlental"),
        ("mullerin", "Die Müllerin im Mühlental"),
        ("müllerin", "Die Müllerin im Mühlental"),
        ("MUEHLENTAL", "Die Müllerin im Mühlental"),
        ("ueber daechern", "Über den Dächern"),
        ("uber dachern", "Über den Dächern"),
        ("groesse", "Größe und Maß"),
        ("grosse mass", "Größe und Maß"),
        ("nino montana", "El niño y la montaña"),
        ("oeuvres completes", "Œuvres complètes"),
        ("smorgasbord", "Smörgåsbord i Åre"),
        ("lodz noca", "Łódź nocą"),
        ("日本語", "東京の日本語学校"),
        ("猫", "吾輩は猫である"),
        ("दुनिया", "नमस्ते दुनिया की कहानी"),
        ("कहानि", "गोदान और अन्य कहानियाँ"),
    ],
)
def test_a_title_is_found_by_another_spelling(engine: Engine, q: str, title: str):
    assert f"t{TITLES.index(title):02}" in engine.finds(q, limit=25)


@pytest.mark.parametrize(
    "q", ['"prejudise"', '"pride prejudice"', "INV-202603-0002", "INV-202603-001", "2026-12", "202604", "学日"]
)
def test_what_is_quoted_numbered_or_in_another_order_is_not_guessed(engine: Engine, q: str):
    assert engine.finds(q, limit=25) == []
