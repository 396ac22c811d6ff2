"""How the API reference describes the texts that answers have beside exact values (`shared/wording.py`)."""

from typing import Final

AS_DAY: Final = "The day of the instant as text, in the goal's time zone; of a project in UTC, and it says so."
AS_PERCENT: Final = "The same as text with one decimal, half up: `39.6 %`; `100 %` only when it is reached."
