"""What callers send about versions. Unknown fields are refused."""

from pydantic import BaseModel

from functions.sequences.sent import Comment, Data, Label, asked
from functions.sequences.versions import versions
from functions.sequences.versions.versions import Draft


class VersionDraft(BaseModel):
    """What a new version holds."""

    model_config = asked({"comment": "The second draft", "label": "draft 2", "data": {"text": "Once upon a time"}})

    comment: Comment | None = None
    label: Label | None = None
    data: Data | None = None

    def draft(self) -> Draft:
        """Return it as it is kept. Raises DataTooLarge, InvalidInput."""
        return Draft(self.comment, self.label, versions.packed(self.data))


class Restoring(BaseModel):
    """What is said of the version that restores an earlier one."""

    model_config = asked({"comment": "Back to the first draft"})

    comment: Comment | None = None
