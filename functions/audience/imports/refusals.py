"""Why what is asked of an import is refused."""

from shared.errors import Conflict, NotAllowed


class ReportNotReady(Conflict):
    """409: the report is there when the import has ended; until then, the import itself says how far it is."""

    def __init__(self) -> None:
        super().__init__("The report is there when the import has ended. Until then, the import says how far it is.")


class TooManyLeads(NotAllowed):
    """422: your tenant has more leads than one answer may have; have them exported by a job."""

    def __init__(self) -> None:
        super().__init__("Your tenant has more leads than one answer may have. Export them by POST to this path.")
