"""What callers send about the settings of an audience. Unknown fields are refused."""

from pydantic import BaseModel

from functions.audience.sent import asked


class SettingsChange(BaseModel):
    """Settings that are to change."""

    model_config = asked({"phones_identify": False})

    phones_identify: bool = True
