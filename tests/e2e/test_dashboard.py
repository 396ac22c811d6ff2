"""The dashboard, used by somebody in Chromium on the deployed stage."""

import secrets
import time

import pytest
from playwright.sync_api import Browser, expect

from functions.identity.second_factor import totp
from infra.stage.sign_in import SignIn
from tests.e2e.dashboard import Person, bar, opened, sign_in, window


def test_a_wrong_password_is_said_and_what_was_typed_stays(chromium: Browser, ada: Person) -> None:
    page = opened(window(chromium, ada), ada)
    sign_in(page, ada, password="not this one, surely")

    expect(page.get_by_role("alert")).to_contain_text("password")
    expect(page.get_by_label("E-mail address")).to_have_value(ada.signed_in.email)

    page.get_by_label("Password").fill(ada.signed_in.password)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your goals")
    expect(page.get_by_role("navigation")).to_contain_text("Newcomer")


def test_a_second_factor_is_asked_of_who_has_one(chromium: Browser, ada: Person) -> None:
    secret = ada.ask("POST", "auth/otp/enroll")["secret"]
    ada.ask("POST", "auth/otp/confirm", {"code": totp.code(secret, at_seconds=int(time.time()))})
    page = opened(window(chromium, ada), ada)
    sign_in(page, ada)
    code = page.get_by_label("Code")
    code.fill("123")
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("alert")).not_to_be_empty()

    # The code of this half minute was used to confirm.
    code.fill(totp.code(secret, at_seconds=int(time.time()) + 30))
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your goals")


def test_who_begins_with_nothing_makes_an_account_sets_a_goal_and_reaches_a_milestone(
    chromium: Browser, ada: Person
) -> None:
    page = opened(window(chromium, ada), ada)
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("E-mail address").fill(f"{secrets.token_hex(8)}@milepost.example")
    page.get_by_label("Password").fill(secrets.token_urlsafe(18))
    page.get_by_role("button", name="Create my account").click()

    expect(page.get_by_text("Set your first goal")).to_be_visible()

    page.get_by_label("What do you want to reach?").fill("Run a marathon")
    page.get_by_label("By when?").fill("2030-01-30")
    page.get_by_role("button", name="Set this goal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run a marathon")
    for task in ("Buy shoes", "Run 20 km"):
        page.get_by_label("New task").fill(task)
        page.get_by_role("button", name="Add task").click()
        expect(page.get_by_role("checkbox", name=task)).to_be_visible()

    page.get_by_role("checkbox", name="Buy shoes").check()
    expect(page.locator(".stop").first).to_contain_text("reached")

    assert bar(page) == pytest.approx(35, abs=0.1)


def test_ticking_off_a_task_moves_bar_milestone_and_date_as_the_api_says(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes", "Run 20 km"), deadline="2030-01-30")
    page = opened(window(chromium, ada, ada.session()), ada, f"#/goals/{goal_id}")
    before = ada.ask("GET", f"goals/{goal_id}")
    first, halfway = page.locator(".stop").nth(0), page.locator(".stop").nth(1)

    assert bar(page) == pytest.approx(before["progress"]["progress_percentage"], abs=0.1)
    assert before["milestones"][0]["predicted_at"][:10] == first.locator("time").get_attribute("datetime")[:10]
    expect(first).to_contain_text("expected")
    expect(halfway).to_contain_text("needs tasks")

    page.get_by_role("checkbox", name="Buy shoes").check()
    expect(page.get_by_text("1 of 2 tasks done")).to_be_visible()
    after = ada.ask("GET", f"goals/{goal_id}")

    assert after["progress"]["completed_tasks"] == 1
    assert bar(page) == pytest.approx(after["progress"]["progress_percentage"], abs=0.1)
    expect(first).to_contain_text("reached")
    assert after["milestones"][0]["achieved_at"] == first.locator("time").get_attribute("datetime")
    assert after["milestones"][1]["predicted_at"][:10] == halfway.locator("time").get_attribute("datetime")[:10]

    page.get_by_role("checkbox", name="Buy shoes").uncheck()
    expect(page.get_by_text("0 of 2 tasks done")).to_be_visible()

    assert ada.ask("GET", f"goals/{goal_id}")["progress"]["completed_tasks"] == 0


def test_a_task_is_ticked_off_by_keyboard_alone(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes", "Run 20 km"))
    page = opened(window(chromium, ada, ada.session()), ada)

    def walk_to(name: str) -> None:
        focused = page.evaluate_handle("() => document.activeElement")
        for _ in range(20):
            page.keyboard.press("Tab")
            focused = page.evaluate("() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent")
            if focused == name:
                return
        raise AssertionError(f"{name} is not reached; the last was {focused}")

    walk_to("Run a marathon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    walk_to("Run 20 km")
    page.keyboard.press("Space")
    expect(page.get_by_text("1 of 2 tasks done")).to_be_visible()

    expect(page.get_by_role("checkbox", name="Run 20 km")).to_be_focused()
    assert ada.ask("GET", f"goals/{goal_id}")["progress"]["completed_tasks"] == 1


def test_what_is_changed_elsewhere_appears_by_itself(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes",))
    context = window(chromium, ada, ada.session())
    list_page, goal_page = context.new_page(), context.new_page()
    for page, part in ((list_page, ""), (goal_page, f"#/goals/{goal_id}")):
        page.clock.install()
        page.goto(f"{ada.api_url}/{part}")
        expect(page.get_by_text("0 of 1 task done")).to_be_visible()
    (task,) = ada.ask("GET", f"goals/{goal_id}/tasks")["items"]
    ada.ask("POST", f"goals/{goal_id}/tasks/{task['task_id']}/complete")
    for page in (list_page, goal_page):
        page.clock.run_for(10_500)

        expect(page.get_by_text("1 of 1 task done")).to_be_visible()

    expect(goal_page.get_by_role("checkbox", name="Buy shoes")).to_be_checked()
    expect(list_page.get_by_role("complementary")).to_contain_text("100 %, Complete")


def test_a_project_shows_its_milestones_and_what_waits_for_what(chromium: Browser, ada: Person) -> None:
    audit = ada.milestone("Contracts audited", milestone_index=1)
    ada.milestone("Mainnet", audit, milestone_index=2, timeframe_to="2030-03-31")
    page = opened(window(chromium, ada, ada.session()), ada, "#/projects")
    page.get_by_role("link", name="bridge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("bridge")
    mainnet = page.locator(".tracked-one", has_text="Mainnet")

    expect(mainnet).to_contain_text("tvl: 0 of 100")
    expect(mainnet).to_contain_text("due 31 Mar 2030")
    expect(mainnet).to_contain_text("Waits forContracts audited, not completed yet")
    assert page.locator(".graph .node").count() == 2
    assert page.locator(".graph .edge").count() == 1


def test_a_goal_is_changed_unless_somebody_was_faster(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", description="In Hamburg.", deadline="2030-01-30")
    page = opened(window(chromium, ada, ada.session()), ada, f"#/goals/{goal_id}")
    page.get_by_text("Change this goal").click()
    page.get_by_label("By when?").fill("2031-02-28")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Due 28 Feb 2031")).to_be_visible()

    changed = ada.ask("GET", f"goals/{goal_id}")
    assert (changed["deadline"], changed["description"]) == ("2031-02-28", "In Hamburg.")

    ada.ask("PATCH", f"goals/{goal_id}", {"title": "Walk a marathon"})
    page.get_by_text("Change this goal").click()
    page.get_by_label("Title").fill("Swim a marathon")
    page.get_by_role("button", name="Change it").click()

    expect(page.get_by_role("alert").filter(has_text="Somebody has changed this meanwhile.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Walk a marathon")
    expect(page.get_by_label("Title")).to_have_value("Swim a marathon")

    page.get_by_role("button", name="Change it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Swim a marathon")
    assert ada.ask("GET", f"goals/{goal_id}")["title"] == "Swim a marathon"


def test_who_may_only_look_is_offered_nothing_to_write(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes",))
    email, password = f"{secrets.token_hex(8)}@milepost.example", secrets.token_urlsafe(18)
    token = ada.ask("POST", "invitations", {"email": email, "role": "viewer"})["token"]
    registration = {"email": email, "password": password, "display_name": "Bob", "invitation_token": token}
    user_id = ada.ask("POST", "auth/register", registration)["user_id"]
    ada.ask("PUT", f"goals/{goal_id}/shares/{user_id}", {"role": "viewer"})
    signed_in = SignIn(email=email, password=password, access_token="")
    page = opened(window(chromium, ada), ada)
    sign_in(page, Person(signed_in, ada.api_url))
    page.get_by_role("link", name="Shared").click()
    page.get_by_role("link", name="Run a marathon").click()

    expect(page.get_by_role("checkbox", name="Buy shoes")).to_be_disabled()
    expect(page.get_by_role("complementary")).to_contain_text("as viewer")
    expect(page.get_by_role("img")).to_be_visible()
    assert page.get_by_role("main").get_by_role("button").all_text_contents() == []
