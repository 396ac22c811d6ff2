"""What a stage has in the region of CloudFront, whatever its own region is.

Stacks of other regions read its outputs (`Fn::GetStackOutput`); SSM parameters are known in one region only.
"""

from typing import Any

from aws_cdk import CfnOutput, Fn
from constructs import Construct

from infra.addresses import EDGE_REGION
from infra.constructs import names
from infra.constructs.values import Values
from infra.settings import Settings
from infra.stacks import StageStack


class EdgeStack(StageStack):
    """The certificate of the name for GraphQL."""

    def __init__(self, scope: Construct, *, settings: Settings, values: Values, **kwargs: Any) -> None:
        super().__init__(scope, "edge", settings=settings, values=values, **kwargs)
        if settings.graphql_domain and settings.hosted_zone:
            made = names.certificate(
                self, "GraphqlCertificate", domain=settings.graphql_domain, zone=settings.hosted_zone
            )
            CfnOutput(self, "GraphqlCertificateArn", value=made)

    @property
    def graphql_certificate_arn(self) -> str:
        """The certificate, as a stack of any region reads it."""
        return self._output("GraphqlCertificateArn")

    def _output(self, name: str) -> str:
        return Fn.get_stack_output(self.stack_name, name, EDGE_REGION)
