"""Teams of a project, and whom a milestone is given to, in Chromium."""

from playwright.sync_api import Browser, expect

from tests.browsing import in_process
from tests.browsing.accessibility import faults
from tests.portal.firms import Firm, answer, chromium, firm

__all__ = ["chromium", "firm"]


def test_a_team_is_made_owns_a_milestone_and_is_removed(chromium: Browser, firm: Firm) -> None:
    draft = {"title": "Mill assembled", "kind": "deliverable", "tags": ["mechanics"]}
    made = firm.ada.asks("POST", f"projects/{firm.project_id}/project-milestones", draft)["project_milestone_id"]
    member = f"projects/{firm.project_id}/members/{firm.dana.user_id}"
    firm.ada.asks("PUT", member, {"roles": ["finance"], "skills": ["mechanics"]})
    dana, carl = (f"User …{each.user_id[-6:]}" for each in (firm.dana, firm.carl))
    with in_process.opened(chromium, firm.ada, f"#/projects/{firm.project_id}") as page:
        teams = page.get_by_role("region", name="Teams")
        teams.get_by_role("button", name="New team").press("Enter")
        page.get_by_role("dialog").get_by_role("checkbox", name=dana).press("Space")
        answer(page, "New team", What_is_it_called="Millwrights")
        expect(teams.get_by_text(dana)).to_be_visible()
        found = faults(page)
        page.get_by_role("link", name="Mill assembled").click()
        owners = page.get_by_role("region", name="Owners")
        owners.get_by_text("Assign it to somebody").click()
        best = f"{dana}: suits 90\xa0%, knows mechanics, 0\xa0% of their time taken"
        expect(owners.get_by_role("option", name="suits").first).to_have_text(best)
        expect(owners.get_by_role("option", name=carl)).to_have_count(1)
        owners.get_by_label("To whom?").select_option("Millwrights")
        owners.get_by_label("As what?").select_option("Secondary")
        owners.get_by_role("button", name="Assign it").click()
        expect(owners.get_by_text("team, secondary")).to_be_visible()
        found += faults(page)
        owners.get_by_role("button", name="Remove").click()
        answer(page, "Remove")
        expect(owners.get_by_text("Nobody owns it.")).to_be_visible()
        page.get_by_role("link", name="Engine No. 2").click()
        teams.get_by_role("button", name="Change it").click()
        page.get_by_role("dialog").get_by_role("checkbox", name=dana).uncheck()
        answer(page, "Change it", What_is_it_called="Wrights")
        expect(teams.get_by_text("Nobody is in it")).to_be_visible()
        teams.get_by_role("button", name="Remove it").click()
        answer(page, "Remove it")
        expect(teams.get_by_text("There is no team yet.")).to_be_visible()
    with in_process.opened(chromium, firm.dana, f"#/projects/milestones/{made}") as page:
        page.get_by_text("Assign it to somebody").click()
        expect(page.get_by_text("Nobody of the project is left, or it takes a manager.")).to_be_visible()

    assert (found, firm.ada.said, firm.dana.said) == ([], [], [])
