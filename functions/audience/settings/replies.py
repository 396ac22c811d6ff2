"""What callers are answered about the settings of an audience."""

from pydantic import BaseModel, ConfigDict, Field

from functions.audience.settings.shapes import CHANGE


class QuietHours(BaseModel):
    """From when until when nobody is disturbed."""

    begins: str
    ends: str


class FrequencyCap(BaseModel):
    """How many messages of marketing a lead gets."""

    messages: int
    days: int


class AudienceSettings(BaseModel):
    """What a tenant has decided about its audience."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"phones_identify": True, "records_contacts": False, "sender_name": None, **CHANGE, "version": 1}
            ]
        }
    )

    phones_identify: bool = Field(description="Whether two leads with the same telephone number are one.")
    consent_required: list[str] = Field(
        description="The channels on which marketing needs consent. By SMS and WhatsApp it always does."
    )
    quiet_hours: dict[str, QuietHours] = Field(description="By channel, in the zone of whoever would be disturbed.")
    frequency_cap: FrequencyCap | None = Field(description="Null: any number of messages.")
    records_contacts: bool = Field(description="Whether it is kept when each lead was written to; always with a cap.")
    topics: dict[str, str] = Field(description="What somebody may unsubscribe from, and how it is called.")
    sender_name: str | None
    postal_address: str | None = Field(description="Null: the postal address of your tenant.")
    language: str | None = Field(description="BCP 47. Null: the language of your tenant.")
    version: int = Field(description="0 before anything was kept.")
