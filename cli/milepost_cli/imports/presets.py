"""What is known of the files of other programs, each from a file that it has written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Origin(StrEnum):
    """The programs whose files are known."""

    JIRA = "jira"
    ASANA = "asana"
    TRELLO = "trello"
    TODOIST = "todoist"
    NOTION = "notion"


@dataclass(frozen=True, kw_only=True)
class Preset:
    """The file of a program.

    `columns` are headings by field. Of `done`, the words in `done_words` say yes and any other no; where
    `done_is_a_date` any date says yes. `kind` is the column that tells tasks (`task`) from what else the file holds.
    `tags_have_colours` says that a tag is followed by its colour: `ink (blue)`.
    """

    columns: Mapping[str, str]
    done_words: frozenset[str] = frozenset()
    open_words: frozenset[str] = frozenset()
    done_is_a_date: bool = False
    kind: str | None = None
    tags_have_colours: bool = field(default=False)


PRESETS: Mapping[Origin, Preset] = {
    Origin.JIRA: Preset(
        columns={"title": "Summary", "due": "Due date", "tags": "Labels", "done": "Status"},
        done_words=frozenset({"done", "closed", "resolved"}),
        open_words=frozenset({"to do", "in progress"}),
    ),
    Origin.ASANA: Preset(
        columns={"title": "Name", "due": "Due Date", "tags": "Tags", "done": "Completed At"},
        done_is_a_date=True,
    ),
    Origin.TRELLO: Preset(
        columns={"title": "Card Name", "due": "Due Date", "tags": "Labels", "done": "Due Complete"},
        tags_have_colours=True,
    ),
    Origin.TODOIST: Preset(columns={"title": "CONTENT", "due": "DATE"}, kind="TYPE"),
    Origin.NOTION: Preset(
        columns={"title": "Name", "due": "Due", "done": "Status"},
        done_words=frozenset({"done"}),
        open_words=frozenset({"not started", "in progress"}),
    ),
}
