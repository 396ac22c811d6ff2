"""What callers are answered about the settings of an audience."""

from pydantic import BaseModel, ConfigDict, Field


class AudienceSettings(BaseModel):
    """What a tenant has decided about its audience."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phones_identify": True, "version": 1}]})

    phones_identify: bool = Field(description="Whether two leads with the same telephone number are one.")
    version: int = Field(description="0 before anything was kept.")
