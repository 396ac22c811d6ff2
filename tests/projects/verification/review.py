"""A milestone under review, and the people around it."""

from dataclasses import dataclass
from typing import Any

from tests.aws.entries import Answer
from tests.projects.team import Person

REASON = "The mill jams."


def layer(level: int = 1, **more: Any) -> dict[str, Any]:
    return {"level": level, "name": f"Level {level}", "approvers": [{"role": "verifier"}], **more}


@dataclass(frozen=True)
class Review:
    """Ada manages, Ben owns, Cleo, Dana and Emil verify."""

    ada: Person
    ben: Person
    project: str
    verifiers: tuple[Person, ...]

    @classmethod
    def of(cls, ada: Person, ben: Person, project: str) -> "Review":
        ada.brings(project, ben, "creator")
        verifiers = tuple(ada.brings(project, ada.colleague(), "verifier") for _ in range(3))
        return cls(ada, ben, project, verifiers)

    def begins(self, *layers: dict[str, Any], **more: Any) -> str:
        """Have Ben start a milestone with these layers; return its path."""
        return self.ada.begins(self.project, self.ben, verification_policy={"layers": [*layers]}, **more)

    def submits(self, *layers: dict[str, Any], **more: Any) -> str:
        """Have Ben complete such a milestone; return its path."""
        milestone = self.begins(*layers, **more)
        completed = self.ben.post(f"{milestone}/complete")
        assert completed.status == 200, completed.body
        assert completed.body["status"] == "completed"
        return milestone

    def layers(self, milestone: str, attempt: int = 1) -> list[dict[str, Any]]:
        read = self.ada.get(f"{milestone}/verifications")
        assert read.status == 200, read.body
        return [each for each in read.body["items"] if each["attempt"] == attempt]

    def statuses(self, milestone: str, attempt: int = 1) -> list[str]:
        return [each["status"] for each in self.layers(milestone, attempt)]

    def decides(self, somebody: Person, layer: dict[str, Any], decision: str = "approve", **more: Any) -> Answer:
        body = {"decision": decision, "subject_digest": layer["subject_digest"], **more}
        if decision == "reject":
            body = {"reason": REASON} | body
        return somebody.post(f"/verifications/{layer['verification_id']}/decisions", body)
