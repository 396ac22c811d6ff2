"""Both stacks of a stage, from the code of a checkout."""

from pathlib import Path

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.bundling import bundle
from infra.documents import schema
from infra.settings import Settings
from infra.stacks import StatefulStack, StatelessStack


def build(app: App, *, settings: Settings, root: Path, cache: Path, environment: Environment | None = None) -> None:
    """Put the stacks of a stage into the app and bundle the code under `root`.

    What goes to AWS is held to the rules of cdk-nag; on a laptop they would only complain about its Python.
    """
    if settings.stage != "local":
        Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    code, packages = _code(settings, root=root, cache=cache)
    stateful = StatefulStack(app, f"milepost-{settings.stage}-stateful", settings=settings, env=environment)
    StatelessStack(
        app,
        f"milepost-{settings.stage}-stateless",
        settings=settings,
        stateful=stateful,
        bundle=code,
        packages=packages,
        schema=schema.join(root / "functions"),
        env=environment,
    )


def _code(settings: Settings, *, root: Path, cache: Path) -> tuple[Path, Path | None]:
    """Return the zip to deploy, and where its packages are when they are not in it."""
    if settings.finds_packages:
        return bundle.build_apart(root=root, cache=cache, target=settings.bundle)
    return bundle.build(root=root, cache=cache, target=settings.bundle), None
