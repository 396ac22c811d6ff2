"""Everything that can be asked of teams, asked once."""

from shared.storage import events
from tests.platform.held import stored
from tests.projects.escalation.every_trouble import happened
from tests.projects.following.telling import follow
from tests.projects.team import Person

_LAYER = {"level": 1, "name": "Review", "approvers": [{"owner_role": "reviewer"}]}


def team_up(ada: Person, ben: Person, project: str) -> None:
    """Make teams that review milestones of Ada's in a project that Ben leads, and end them."""
    people = [ada.user_id, ben.user_id]
    made = ben.post(f"{project}/teams", {"name": "Millwrights", "people": people}, key="teaming").body["team_id"]
    other = ben.post(f"{project}/teams", {"name": "Others", "people": people}).body["team_id"]
    path = f"{project}/teams/{made}"
    ada.get(f"{project}/teams")
    milestone = ben.plans(project, verification_policy={"layers": [_LAYER]})
    ben.assigns(milestone, ada)
    for each in (made, other):
        ben.post(f"{milestone}/owners", {"team_id": each, "role": "reviewer"})
    ada.get("/project-milestones", f"owner={made}")
    draft = {"user_id": ben.user_id, "role": "contributor", "workload_percent": 40}
    ben.post(f"{milestone}/owners", draft)
    ben.get(f"{milestone}/owners")
    ben.get(f"{milestone}/owners/recommendations")
    ben.patch(milestone, {"due_on": "2027-03-31"})
    for what in ("activate", "start"):
        ben.post(f"{milestone}/{what}")
    ada.post(f"{milestone}/evidence/links", {"url": "https://example.org/measurements/17"})
    ada.post(f"{milestone}/complete")
    ben.patch(path, {"people": [ben.user_id]})
    _follow(project)
    ben.delete(path)
    _follow(project)
    ben.delete(f"{milestone}/owners/{other}")
    ben.post(f"{milestone}/cancel", {"reason": "Not needed."})
    follow(*happened(milestone, "projects.milestone.cancelled"))


def _follow(project: str) -> None:
    told = [item for item in stored().values() if item.get("event_type", "").startswith("projects.team.")]
    follow(*[events.stored(item) for item in told if project[10:] in item["PK"]])
