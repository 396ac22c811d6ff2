"""What callers are answered who have leads imported or exported."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.audience.imports.shapes import IMPORT
from functions.audience.leads.replies import RowWritten, answered
from shared.jobs.replies import JOB_ID, MOMENT, UPLOAD, FileUpload, Job

__all__ = ["Job"]

RESULTS: dict[str, int] = {"inserted": 1000, "updated": 480, "unchanged": 18, "conflict": 0, "invalid": 2}
SHOWN: dict[str, Any] = {
    "import_id": JOB_ID,
    "file_name": "people.csv",
    "media_type": "text/csv",
    "mapping": IMPORT["mapping"],
    "delimiter": None,
    "encoding": None,
    "is_dry_run": True,
    "status": "running",
    "is_cancelled": False,
    "reason": None,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "expires_at": "2026-11-27T09:30:00.000Z",
    "version": 3,
    "size": 4096,
    "rows": 3000,
    "rows_done": 1500,
    "results": RESULTS,
    "has_report": False,
}


class LeadImportResults(BaseModel):
    """How often each result is there."""

    model_config = answered(RESULTS)

    inserted: int
    updated: int
    unchanged: int
    conflict: int
    invalid: int


class LeadImportShown(BaseModel):
    """An import of leads from a file."""

    model_config = answered(SHOWN)

    import_id: str = Field(description="The id of its job.")
    file_name: str
    media_type: str
    mapping: dict[str, str]
    delimiter: str | None
    encoding: str | None
    is_dry_run: bool
    status: Literal["queued", "running", "completed", "failed", "cancelled"]
    is_cancelled: bool = Field(description="Somebody has cancelled it; it ends after the parts that it is at.")
    reason: str | None = Field(description="Why it has failed: a word such as `columns_unknown`.")
    created_at: str
    updated_at: str
    expires_at: str = Field(description="When it and its report are removed.")
    version: int
    size: int
    rows: int | None = Field(description="How many there are; null until the file was read.")
    rows_done: int
    results: LeadImportResults
    has_report: bool


class LeadImportBegun(BaseModel):
    """The import that waits for its file, and where the file is to be sent."""

    model_config = answered({"import": SHOWN, "upload": UPLOAD})

    import_: LeadImportShown = Field(alias="import")
    upload: FileUpload


class LeadImports(BaseModel):
    """A page of imports."""

    model_config = answered({"items": [SHOWN], "next_cursor": None})

    items: list[LeadImportShown]
    next_cursor: str | None


class LeadSheet(RootModel[str]):
    """CSV (RFC 4180) with a line for each lead; no cell is a formula."""

    MEDIA_TYPE: ClassVar[str] = "text/csv; charset=utf-8"
    model_config = ConfigDict(json_schema_extra={"examples": ["lead_id,external_id,name\r\n"]})


class LeadImportReport(BaseModel):
    """A page of what became of rows, in the order of the file."""

    model_config = answered(
        {
            "items": [{"row": 1, "result": "unchanged", "lead_id": None, "lead_ids": [], "errors": []}],
            "next_cursor": None,
        }
    )

    items: list[RowWritten]
    next_cursor: str | None
