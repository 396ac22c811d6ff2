"""Why a decision is refused."""

from shared.errors import Conflict, Forbidden, NotAllowed


class NotAnApprover(Forbidden):
    """403: the layer does not ask you."""

    def __init__(self) -> None:
        super().__init__("This layer does not ask you. Its seats say whom it asks.")


class LayerNotOpen(Conflict):
    """409: the layer waits for the levels below it."""

    def __init__(self) -> None:
        super().__init__("The layer is not open yet. It opens when the levels below it are approved.")


class LayerClosed(Conflict):
    """409: the layer is decided, or was withdrawn."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The layer is {status}. It takes nothing more.")


class NotYourTurn(Conflict):
    """409: the seats of the layer decide one after the other."""

    def __init__(self) -> None:
        super().__init__("It is somebody else's turn: this layer asks one after the other.")


class SubjectChanged(Conflict):
    """409: what is under review is not what you saw."""

    def __init__(self) -> None:
        super().__init__("What is under review is not what you saw. Read it again, with its `subject_digest`.")


class AlreadyDecided(Conflict):
    """409: this seat has decided something else, or somebody else decided for it."""

    def __init__(self) -> None:
        super().__init__("This seat has decided already. Withdraw that decision first, while the layer is open.")


class SamePerson(Conflict):
    """409: you have decided in this layer for another seat."""

    def __init__(self) -> None:
        super().__init__("You have decided in this layer for another seat. One person decides once.")


class DecisionNotFound(Conflict):
    """409: there is no decision of yours that counts."""

    def __init__(self) -> None:
        super().__init__("You have no decision in this layer that could be withdrawn.")


class ScoreTooLow(NotAllowed):
    """422: the layer is not approved with less than its minimum score."""

    def __init__(self, minimum: int) -> None:
        super().__init__(f"The layer is approved with a score of {minimum} or more. Send `score`, or reject.")


class ChecklistOpen(NotAllowed):
    """422: the layer is approved when every point of its checklist is checked."""

    def __init__(self, points: list[str]) -> None:
        super().__init__(f"Points of the checklist are not checked: {', '.join(points)}.")


class ChecksFailed(NotAllowed):
    """422: automated checks of the layer do not pass on what is under review."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Add what is missing, or reject.")


class NotDelegable(Forbidden):
    """403: the layer takes decisions from those alone whom it asks."""

    def __init__(self) -> None:
        super().__init__("Nobody decides in this layer in the place of another. Whom it asks decides themselves.")
