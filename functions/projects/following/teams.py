"""Teams that change or are removed: what follows for the milestones that they own."""

from functions.projects.following import asking, departures
from functions.projects.people import owners, teams
from shared.storage import table


def follow(tenant_id: str, project_id: str, team_id: str) -> None:
    """Strike who is in a team no more from the layers that asked them through it; a team that is gone owns nothing."""
    is_gone = teams.find(tenant_id, project_id, team_id) is None
    for item in table.query_all(owners.of_team(tenant_id, team_id), owners.LISTED, index=True):
        milestone_id = item["project_milestone_id"]
        if is_gone:
            departures.give_up_one(tenant_id, team_id, milestone_id)
        asking.follow(tenant_id, milestone_id)
