"""What may be written: everything people write, and nothing that only breaks what shows it."""

import pytest
from pydantic import ValidationError

from functions.goals.shapes import GoalDraft, TaskDraft, TaskPatch


@pytest.mark.parametrize(
    "title", ["Fünf Läufe", "マラソン走る", "🏃🏽‍♀️ run", "O'Hara & <b>sons</b>", "a\u00a0b\u200bc"]
)
def test_a_title_may_be_in_any_script(title: str) -> None:
    assert GoalDraft(title=title).title == title


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\n", "\t", "\x7f"])
@pytest.mark.parametrize("field", ["title", "category"])
def test_a_line_has_no_control_characters(field: str, character: str) -> None:
    with pytest.raises(ValidationError) as refused:
        GoalDraft(**{"title": "A goal", field: f"abc{character}def"})

    assert refused.value.errors()[0]["loc"] == (field,)


@pytest.mark.parametrize("character", ["\x00", "\x1b"])
def test_a_tag_and_a_note_have_no_control_characters(character: str) -> None:
    with pytest.raises(ValidationError, match=r"tags\.0"):
        TaskDraft(title="A task", tags=[f"a{character}"])
    with pytest.raises(ValidationError, match="completion_note"):
        TaskPatch(completion_note=f"abc{character}def")


def test_a_description_may_have_several_lines() -> None:
    assert GoalDraft(title="A goal", description="First line.\r\n\tSecond line.").description == (
        "First line.\r\n\tSecond line."
    )
