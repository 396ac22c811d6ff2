"""The project of the demo on the deployed stage, where no evaluator runs."""

from collections.abc import Callable

from infra.demo import project
from infra.demo.account import Account
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn


def test_the_milestones_of_the_project_wait_for_one_another(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    account = Account(api_url=stack.api_url, token=sign_up().access_token)
    was_there = project.is_there(account)
    project.track(account)
    path = f"/api/v1/milestones?project_id={project.PROJECT}"
    tracked = sorted(account.get(path)["items"], key=lambda each: int(each["milestone_index"]))

    uids = [each["milestone_uid"] for each in tracked]

    assert not was_there
    assert project.is_there(account)
    assert [each["target"] for each in tracked] == [4, 3, 4, 9, 14]
    assert [each["depends_on"] for each in tracked] == [[], uids[:1], uids[1:2], uids[1:2], uids[3:4]]
