"""Deploying one stack alone: which one is meant, and what is said when it is none."""

from pathlib import Path

import pytest

from infra import discovery
from infra.stage import deployment, stack_names
from infra.stage.deployment import DeploymentError
from infra.stage.ministack import MiniStack
from infra.stage.stack_names import NoSuchStack


def test_every_context_is_a_stack_of_the_stage() -> None:
    names = [stack_names.named("dev", context) for context in discovery.contexts()]

    assert "milepost-dev-goals" in names
    assert len(names) == len(discovery.contexts())


def test_a_name_that_is_none_is_answered_with_those_there_are() -> None:
    with pytest.raises(
        NoSuchStack, match=r"There is no stack goal\. ONLY is one of audience, goals, identity, .*stateless"
    ):
        stack_names.named("dev", "goal")


def test_the_command_says_so_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [stack_names.main(["dev", name]) for name in ("goals", "goal")]
    printed = capsys.readouterr()

    assert codes == [0, 2]
    assert printed.out == "milepost-dev-goals\n"
    assert printed.err.startswith("There is no stack goal.")


def test_one_stack_of_a_stage_that_is_not_deployed_cannot_be(tmp_path: Path) -> None:
    ministack = MiniStack(state=tmp_path, port=1)

    with pytest.raises(DeploymentError, match=r"is not deployed\. Run `make up` first"):
        deployment.deploy_one("milepost-local-goals", root=tmp_path, ministack=ministack, report=lambda _: None)
