"""What some settings want besides the stacks that every stage has.

edge        in the region of CloudFront: certificates of names that lie behind it, and the web ACL of the front
front       CloudFront before the REST API
edge-logs   in the region of CloudFront: the log of the front

Stacks of other regions read outputs (`Fn::GetStackOutput`); SSM parameters are known in one region only.
"""

from typing import Any, NamedTuple

from aws_cdk import App, CfnOutput, Environment, Fn, Stack, Token
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.addresses import EDGE_REGION
from infra.constructs import names
from infra.constructs.fronts import distribution
from infra.constructs.fronts.distribution import Distribution
from infra.constructs.fronts.edge_log import EdgeLog
from infra.constructs.fronts.firewall import Firewall
from infra.constructs.values import Values
from infra.settings import Settings
from infra.stacks import StageStack


class EdgeStack(StageStack):
    """Certificates, and the web ACL. Its properties are what stacks of any region read."""

    def __init__(self, scope: Construct, *, settings: Settings, values: Values, **kwargs: Any) -> None:
        super().__init__(scope, "edge", settings=settings, values=values, **kwargs)
        arn = settings.graphql_certificate_arn
        self.graphql_certificate_arn = self._certificate("Graphql", settings.graphql_domain, arn)
        self.front_certificate_arn: str | None = None
        self.front_acl_arn: str | None = None
        if settings.front:
            self.front_certificate_arn = self._certificate("Front", settings.domain, settings.front_certificate_arn)
            firewall = Firewall(self, "FrontFirewall", settings=settings, reach="CLOUDFRONT")
            self.front_acl_arn = self._output("FrontAclArn", firewall.acl.attr_arn)

    def _certificate(self, name: str, domain: str | None, known: str | None) -> str | None:
        """Return the certificate of a domain, made here unless it is known; None where there is no domain."""
        zone = self._settings.hosted_zone
        if known or domain is None or zone is None:
            return known
        made = names.certificate(self, f"{name}Certificate", domain=domain, zone=zone)
        return self._output(f"{name}CertificateArn", made)

    def _output(self, name: str, value: str) -> str:
        CfnOutput(self, name, value=value)
        return Fn.get_stack_output(self.stack_name, name, EDGE_REGION)


class FrontStack(StageStack):
    """CloudFront before the REST API."""

    def __init__(self, scope: Construct, *, settings: Settings, values: Values, edge: EdgeStack, **kwargs: Any) -> None:
        super().__init__(scope, "front", settings=settings, values=values, **kwargs)
        if edge.front_certificate_arn is None or edge.front_acl_arn is None:
            raise ValueError("the front has no certificate")
        secret = secretsmanager.Secret.from_secret_complete_arn(self, "Secret", values.read(self, "FrontSecretArn"))
        made = Distribution(
            self,
            "Front",
            settings=settings,
            origin=settings.origin_domain or distribution.address_of(values.read(self, "ApiId")),
            secret=secret.secret_value_from_json("current"),
            certificate_arn=edge.front_certificate_arn,
            acl_arn=edge.front_acl_arn,
        )
        self.add_stack_dependency(edge)
        CfnOutput(self, "DistributionId", value=made.id)


class EdgeLogsStack(StageStack):
    """The log of the front."""

    def __init__(self, scope: Construct, *, settings: Settings, values: Values, front: Stack, **kwargs: Any) -> None:
        super().__init__(scope, "edge-logs", settings=settings, values=values, **kwargs)
        if Token.is_unresolved(front.region):
            raise ValueError("the region of the front is not known, and its log is in another one")
        distribution_id = Fn.get_stack_output(front.stack_name, "DistributionId", front.region)
        EdgeLog(self, "Front", settings=settings, distribution_id=distribution_id)
        self.add_stack_dependency(front)


class Beyond(NamedTuple):
    """What a stage has of these stacks."""

    edge: EdgeStack | None = None
    front: FrontStack | None = None

    @property
    def graphql_certificate_arn(self) -> str | None:
        """The certificate of the name for GraphQL, if it has one."""
        return self.edge.graphql_certificate_arn if self.edge else None

    def precede(self, *stacks: Stack) -> None:
        """Have stacks deployed after these: functions close the other ways in once the front is there."""
        for stack in stacks:
            for each in (self.edge, self.front):
                if each:
                    stack.add_stack_dependency(each)


def build(app: App, *, settings: Settings, values: Values, environment: Environment | None) -> Beyond:
    """Put the stacks into the app that the settings want, and return those that others come after."""
    if not settings.needs_edge:
        return Beyond()
    there = Environment(account=environment.account if environment else None, region=EDGE_REGION)
    edge = EdgeStack(app, settings=settings, values=values, env=there)
    if not settings.front:
        return Beyond(edge)
    front = FrontStack(app, settings=settings, values=values, edge=edge, env=environment)
    EdgeLogsStack(app, settings=settings, values=values, front=front, env=there)
    return Beyond(edge, front)
