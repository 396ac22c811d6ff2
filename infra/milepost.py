"""All stacks of a stage, from the code of a checkout."""

from pathlib import Path

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks

from infra import discovery, edge
from infra.bundling import bundle
from infra.bundling.bundle import Bundle
from infra.constructs.values import Values
from infra.documents import schema
from infra.settings import Settings
from infra.stacks import ContextStack, GraphqlStack, MonitoringStack, StatefulStack, StatelessStack
from infra.stage_files import LOCAL


def build(app: App, *, settings: Settings, root: Path, cache: Path, environment: Environment | None = None) -> None:
    """Put the stacks of a stage into the app and bundle the code under `root`.

    What goes to AWS is held to the rules of cdk-nag; on a laptop they would only complain about its Python.
    """
    if settings.stage != LOCAL:
        check(app)
    bundles = _bundles(settings, root=root, cache=cache)
    joined, values = schema.join(root / "functions"), Values(settings.stage)
    StatefulStack(
        app, settings=settings, values=values, data=[*discovery.infrastructure("data").values()], env=environment
    )
    StatelessStack(app, settings=settings, values=values, env=environment)
    contexts = [
        ContextStack(
            app,
            context,
            module=module,
            settings=settings,
            values=values,
            schema=joined,
            bundles=bundles,
            env=environment,
        )
        for context, module in discovery.infrastructure("functions").items()
    ]
    beyond = edge.build(app, settings=settings, values=values, environment=environment)
    graphql = GraphqlStack(
        app,
        settings=settings,
        values=values,
        schema=joined,
        certificate_arn=settings.graphql_certificate_arn or beyond.graphql_certificate_arn,
        env=environment,
    )
    beyond.precede(graphql, *contexts)
    MonitoringStack(app, settings=settings, values=values, contexts=contexts, env=environment)
    values.order()


def check(app: App) -> None:
    """Have the synthesis fail for what a pack of cdk-nag finds and nobody has acknowledged there, with a reason."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app), NIST80053R5Checks(app))


def _bundles(settings: Settings, *, root: Path, cache: Path) -> dict[str, Bundle]:
    """Return what to deploy, by group."""
    build = bundle.build_apart if settings.finds_packages else bundle.build
    return build(root=root, cache=cache, target=settings.bundle)
