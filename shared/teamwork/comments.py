"""Comments: what people write below something of a context, which supplies the partition and says who may.

A comment is its author's: they edit it, and it says since when it reads as it does. What is deleted is gone.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from shared import ids
from shared.errors import Forbidden, NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

View = dict[str, Any]

ID: Final = "cmt"
PREFIX: Final = "COMMENT#"
_AT_ONCE: Final = 100


class CommentNotFound(NotFound):
    """404: there is no such comment."""

    def __init__(self) -> None:
        super().__init__("There is no such comment.")


class NotTheAuthor(Forbidden):
    """403: a comment is its author's."""

    def __init__(self) -> None:
        super().__init__("Only the author edits a comment. Write one of your own.")


class Comment(NamedTuple):
    """A comment as it is stored, below its subject; `edited_at` is None for one that reads as it did at first."""

    tenant_id: str
    subject_id: str
    comment_id: str
    author_id: str
    text: str
    created_at: str
    version: int
    edited_at: str | None = None

    def require_author(self, user_id: str) -> None:
        """Require that a user has written it. Raises NotTheAuthor."""
        if self.author_id != user_id:
            raise NotTheAuthor


def key(partition: str, subject_id: str, comment_id: str) -> Key:
    """Return the key of a comment: those of one subject lie together, the oldest first."""
    return Key(partition, f"{PREFIX}{subject_id}#{comment_id}")


def find(partition: str, subject_id: str, comment_id: str) -> Comment:
    """Return a comment; one read. Raises CommentNotFound."""
    if not ids.is_valid(comment_id, ID):
        raise CommentNotFound
    item = table.get(key(partition, subject_id, comment_id), consistent=True)
    if item is None:
        raise CommentNotFound
    return from_item(item)


def page(partition: str, subject_id: str, *, limit: int, cursor: str | None) -> tuple[list[Comment], str | None]:
    """Return a page of the comments of a subject, the oldest first; one query. Raises Malformed."""
    found = table.query(partition, f"{PREFIX}{subject_id}#", limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def added(partition: str, comment: Comment) -> Put:
    """Return the write of a new comment."""
    return Put(to_item(partition, comment), ABSENT)


def edited(partition: str, before: Comment, after: Comment) -> Put:
    """Return the write of a comment that is still as it was read."""
    return Put(to_item(partition, after), unchanged(before.version))


def deleted(partition: str, comment: Comment) -> Delete:
    """Return the write that removes a comment which is still as it was read."""
    return Delete(key(partition, comment.subject_id, comment.comment_id), unchanged(comment.version))


def remove_all(partition: str, subject_id: str | None = None, *, tell: Callable[[Sequence[str]], None]) -> None:
    """Remove all comments of a partition, or of one subject there, part by part; for what is gone.

    `tell` is called with the ids of each part before that goes: a removal that breaks off finds them again.
    """
    prefix = PREFIX if subject_id is None else f"{PREFIX}{subject_id}#"
    while found := table.query(partition, prefix, limit=_AT_ONCE, consistent=True).items:
        tell([item["comment_id"] for item in found])
        table.delete_many([Key(item["PK"], item["SK"]) for item in found])


def view(comment: Comment) -> View:
    """Return what readers see of a comment."""
    shown = comment._asdict()
    del shown["tenant_id"]
    return shown


def to_item(partition: str, comment: Comment) -> Item:
    """Return the item of a comment."""
    return records.to_item(key(partition, comment.subject_id, comment.comment_id), "Comment", comment)


def from_item(item: Item) -> Comment:
    """Return the comment of an item."""
    return records.from_item(Comment, item)
