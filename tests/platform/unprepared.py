"""What the owner of the tenant is told where something must have happened before."""

from tests.platform.catalogues import told

_UNPREPARED = {what: code for codes in told("UNPREPARED").values() for what, code in codes.items()}


def unprepared(what: object) -> str | None:
    """Return what the owner of the tenant is told, None where nothing must have happened."""
    return _UNPREPARED.get(str(what))
