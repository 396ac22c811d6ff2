"""The dashboard looks again every ten seconds: what it has already is not sent again, and what has changed is."""

from playwright.sync_api import Browser, Page, Response, expect

from tests.e2e.dashboard import Person, window

EVERY_MS = 10_500


def looked(page: Page, address: str, *, times: int = 2) -> list[tuple[int, bytes]]:
    """Return the status and the body of what a page is answered that has been opened and looks again."""
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_text("Looks for changes every 10 seconds.")).to_be_visible()
    expect(page.get_by_text("The chart is being drawn.")).to_have_count(0)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer) if "/api/v1/" in answer.url else None)
    for _ in range(times):
        with page.expect_response(lambda answer: "/api/v1/" in answer.url):
            page.clock.run_for(EVERY_MS)
    return [(answer.status, answer.body() if answer.status == 200 else b"") for answer in answers]


def test_a_page_on_which_nothing_has_changed_is_sent_no_body(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes", "Run 20 km"), done=1)
    ada.milestone("Contracts audited")
    page = window(chromium, ada, ada.session()).new_page()
    page.clock.install()
    parts = ["", "#/shared", "#/projects", "#/projects/bridge", f"#/goals/{goal_id}"]
    seen = {part: looked(page, f"{ada.api_url}/{part}") for part in parts}

    assert {part: {status for status, _ in answers} for part, answers in seen.items()} == {
        part: {304} for part in parts
    }
    assert all(len(answers) >= 2 for answers in seen.values())


def test_a_change_is_sent_and_shown_after_any_number_of_looks(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes",))
    page = window(chromium, ada, ada.session()).new_page()
    page.clock.install()
    looked(page, f"{ada.api_url}/#/goals/{goal_id}")
    (task,) = ada.ask("GET", f"goals/{goal_id}/tasks")["items"]
    ada.ask("POST", f"goals/{goal_id}/tasks/{task['task_id']}/complete")
    page.clock.run_for(EVERY_MS)

    expect(page.get_by_role("checkbox", name="Buy shoes")).to_be_checked()
    expect(page.locator(".percent").first).to_have_text("100 %")
