"""Both stacks of a stage, from the code of a checkout."""

from pathlib import Path

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra import bundle, schema
from infra.settings import Settings
from infra.stacks import StatefulStack, StatelessStack


def build(app: App, *, settings: Settings, root: Path, cache: Path, environment: Environment | None = None) -> None:
    """Put the stacks of a stage into the app and bundle the code under `root`.

    What goes to AWS is held to the rules of cdk-nag; on a laptop they would only complain about its Python.
    """
    if settings.stage != "local":
        Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    stateful = StatefulStack(app, f"milepost-{settings.stage}-stateful", settings=settings, env=environment)
    StatelessStack(
        app,
        f"milepost-{settings.stage}-stateless",
        settings=settings,
        stateful=stateful,
        bundle=bundle.build(root=root, cache=cache, target=settings.bundle),
        schema=schema.join(root / "functions"),
        env=environment,
    )
