"""What callers send to have leads imported or exported. Unknown fields are refused."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from functions.audience.imports import mapping
from functions.audience.imports.cuts import MOST_BYTES
from functions.audience.imports.texts import Encoding
from functions.audience.sent import Name, asked
from shared.api.whole_numbers import WHOLE

MOST_COLUMNS = 200
IMPORT: dict[str, Any] = {
    "file_name": "people.csv",
    "size": 4096,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media_type": "text/csv",
    "mapping": {"E-Mail": "email", "Company": "metadata.company.name"},
    "is_dry_run": True,
}

Column = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
FieldName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]


def _mapped(sent: dict[str, str]) -> dict[str, str]:
    for column, reason in mapping.faults(sent):
        raise ValueError(f"{column}: {sent[column]} {reason}")
    return sent


class LeadImport(BaseModel):
    """The file that is going to be sent, and how it is to be read."""

    model_config = asked(IMPORT)

    file_name: Name
    size: Annotated[int, Field(strict=True, ge=1, le=MOST_BYTES, description="Its bytes."), WHOLE]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Its SHA-256, hexadecimal.")]
    media_type: Literal["text/csv", "application/jsonl"] = "text/csv"
    mapping: Annotated[
        dict[Column, FieldName],
        Field(
            max_length=MOST_COLUMNS,
            description="Which column is which field, such as `email`, `consent.email` or `metadata.size`. Others are "
            "left out. Without it, the columns are called like fields.",
        ),
        AfterValidator(_mapped),
    ] = {}
    delimiter: Annotated[
        Literal[",", ";", "\t", "|"] | None, Field(description="Between cells; found out when it is not sent.")
    ] = None
    encoding: Annotated[Encoding | None, Field(description="Of the text; found out when it is not sent.")] = None
    is_dry_run: Annotated[bool, Field(strict=True, description="Report what would become of rows, write none.")] = False


class LeadExport(BaseModel):
    """As what leads are to be written into a file."""

    model_config = asked({"format": "csv"})

    format: Literal["jsonl", "csv"] = "jsonl"
