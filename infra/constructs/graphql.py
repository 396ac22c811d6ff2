"""The GraphQL front: AppSync with a Lambda authorizer, one resolver per field that the schema wants resolved.

People come with a credential that the authorizer knows. Our own functions come in the name of their role, and only to
the fields that publish to subscribers or disconnect them: nothing else in the schema is marked for roles.
"""

from collections.abc import Iterable
from pathlib import Path

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs import encryption, names
from infra.constructs.acknowledged import own_policy
from infra.constructs.function import Function, allow
from infra.constructs.names import Target
from infra.documents.schema import Field, Schema
from infra.settings import Settings

RESOLVER = Path(__file__).with_name("resolver.js")
PUBLISH = Path(__file__).with_name("publish.js")
SUBSCRIBE = Path(__file__).with_name("subscribe.js")
DISCONNECT = Path(__file__).with_name("disconnect.js")
# The data source of what is published to subscribers and asks no function.
NOWHERE = "nowhere"
RUNTIME = appsync.CfnResolver.AppSyncRuntimeProperty(name="APPSYNC_JS", runtime_version="1.0.0")


class Graphql(Construct):
    """The GraphQL API with the schema of all contexts, and the authorizer that says who calls."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        key: kms.IKey | None,
        schema: Schema,
        authorizer_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        logging = iam.Role(self, "LogRole", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
        self.api = self._api(settings, authorizer_arn, logging)
        self._log(settings, key, logging)
        appsync.CfnGraphQLSchema(self, "Schema", api_id=self.api.attr_api_id, definition=schema.sdl)
        appsync.CfnDataSource(self, "Nowhere", api_id=self.api.attr_api_id, name=NOWHERE, type="NONE")

    @property
    def url(self) -> str:
        """Return the address that queries are posted to."""
        return self.api.attr_graph_ql_url

    def _api(self, settings: Settings, authorizer_arn: str, logging: iam.Role) -> appsync.CfnGraphQLApi:
        api = appsync.CfnGraphQLApi(
            self,
            "Api",
            name=f"milepost-{settings.stage}",
            authentication_type="AWS_LAMBDA",
            lambda_authorizer_config=appsync.CfnGraphQLApi.LambdaAuthorizerConfigProperty(
                authorizer_uri=authorizer_arn,
                # A revoked credential must be refused within a minute; the cache may not outlive that.
                authorizer_result_ttl_in_seconds=settings.authorizer_cache.to_seconds(),
            ),
            additional_authentication_providers=[
                appsync.CfnGraphQLApi.AdditionalAuthenticationProviderProperty(authentication_type="AWS_IAM")
            ],
            log_config=appsync.CfnGraphQLApi.LogConfigProperty(
                cloud_watch_logs_role_arn=logging.role_arn, field_log_level="ERROR", exclude_verbose_content=True
            ),
            introspection_config="ENABLED" if settings.introspection else "DISABLED",
            xray_enabled=True,
            # The schema has no circles; what tools ask of it when they introspect is the deepest there is.
            query_depth_limit=15,
            # A full page of 100 goals, each with its answers, and as much again.
            resolver_count_limit=200,
        )
        Validations.of(api).acknowledge(
            Acknowledgment(
                id="AwsSolutions-ASC3",
                reason="Errors are logged; verbose content would put bearer tokens and what people wrote into the log. "
                "Each request is in the function's own log, with its request id.",
            )
        )
        lambda_.CfnPermission(
            self,
            "Authorizer",
            action="lambda:InvokeFunction",
            function_name=authorizer_arn,
            principal="appsync.amazonaws.com",
            source_arn=api.attr_arn,
        )
        return api

    def _log(self, settings: Settings, key: kms.IKey | None, role: iam.Role) -> None:
        # AppSync dictates this name; made here first, the group has an end and the role needs no wildcard.
        name = f"/aws/appsync/apis/{self.api.attr_api_id}"
        log_group = encryption.log_group(self, "Log", settings=settings, key=key, name=name)
        role.add_to_policy(allow("logs:CreateLogStream", "logs:PutLogEvents", resources=[log_group.log_group_arn]))
        own_policy(role)


class GraphqlDomain(Construct):
    """The name that the GraphQL API has beside the address that AWS gave it, which AppSync keeps.

    Queries are posted to `https://<name>/graphql`, subscriptions are at `wss://<name>/graphql/realtime`. A distribution
    of CloudFront that AppSync keeps lies behind the name; so the certificate is one of its region.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, api_id: str, certificate_arn: str) -> None:
        super().__init__(scope, id_)
        domain = settings.graphql_domain
        if domain is None:
            raise ValueError("the stage has no name for GraphQL")
        self.url = f"https://{domain}/graphql"
        made = appsync.CfnDomainName(self, "Domain", domain_name=domain, certificate_arn=certificate_arn)
        association = appsync.CfnDomainNameApiAssociation(self, "Association", api_id=api_id, domain_name=domain)
        association.node.add_dependency(made)
        target = Target(made.attr_app_sync_domain_name, made.attr_hosted_zone_id)
        names.lead(self, "Graphql", domain=domain, zone=settings.hosted_zone, target=target)


class Resolvers(Construct):
    """The resolvers of one context's fields, which call a function of its stack."""

    def __init__(self, scope: Construct, id_: str, *, api_id: str) -> None:
        super().__init__(scope, id_)
        self._api_id = api_id

    def add(self, name: str, function: Function, fields: Iterable[Field]) -> None:
        """Have a function resolve these fields; what is published to subscribers needs no function.

        `name` is that of the source of their data, which no other function of the API may have.
        """
        source = self._source(name, function)
        for field in fields:
            appsync.CfnResolver(
                self,
                f"{field.type_name}.{field.name}",
                api_id=self._api_id,
                type_name=field.type_name,
                field_name=field.name,
                data_source_name=NOWHERE if field.is_published else source.attr_name,
                runtime=RUNTIME,
                code=_code(field).read_text(encoding="utf-8"),
            )

    def _source(self, context: str, function: Function) -> appsync.CfnDataSource:
        role = iam.Role(self, f"{context}Role", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
        role.add_to_policy(allow("lambda:InvokeFunction", resources=[function.called.function_arn]))
        own_policy(role)
        return appsync.CfnDataSource(
            self,
            context,
            api_id=self._api_id,
            name=context,
            type="AWS_LAMBDA",
            service_role_arn=role.role_arn,
            lambda_config=appsync.CfnDataSource.LambdaConfigProperty(lambda_function_arn=function.called.function_arn),
        )


def allow_publishing(function: Function, *fields: str, api_arn: str, url: str) -> None:
    """Let a function call the mutations that concern subscribers, and tell it where."""
    function.role.add_to_policy(
        allow("appsync:GraphQL", resources=[f"{api_arn}/types/Mutation/fields/{field}" for field in fields])
    )
    function.function.add_environment("GRAPHQL_URL", url)


def _code(field: Field) -> Path:
    """Return the file with the resolver of a field."""
    if field.type_name == "Subscription":
        return SUBSCRIBE
    if field.is_published:
        return DISCONNECT if field.name.startswith("disconnect") else PUBLISH
    return RESOLVER
