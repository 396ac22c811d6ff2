"""The OpenSearch domain of a stage whose `search_engine` is `opensearch`: closed but to the two functions that need it.

An index is a copy of what the table has, so the domain goes with its stack. It is no part of any other stage.
"""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from infra.constructs import encryption
from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.function import Function, allow, finding
from infra.contexts.search import domain_alarms
from infra.contexts.surroundings import Surroundings

VERSION = "OpenSearch_2.19"
# Every index of ours is called after its collection (functions/search/engine/opensearch/names.py).
_INDEXES = "col_*"
_LOGS = ("ES_APPLICATION_LOGS", "SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS")
# A search may look for 500 words, each in up to fourteen ways.
_MOST_CLAUSES = "8192"
_TWO_ZONES = 2

_ACKNOWLEDGED = {
    "AwsSolutions-OS1": "The functions are in no VPC, since nothing else that they call is in one. Requests are "
    "signed, and only two roles may send any.",
    "AwsSolutions-OS3": "Functions have no addresses of their own that could be listed. Requests are signed, and only "
    "two roles may send any.",
    "AwsSolutions-OS4": "Nodes of their own for the cluster's state are for clusters of ten nodes and more; an index "
    "that is lost is built anew from the table.",
    f"{NIST}-OpenSearchInVPCOnly": "As AwsSolutions-OS1 says.",
}


class Domain(Construct):
    """A domain, and what the functions of search may do there: write and remove indexes, or search them only."""

    def __init__(
        self, scope: Construct, id_: str, *, given: Surroundings, writer: Function, searcher: Function
    ) -> None:
        super().__init__(scope, id_)
        stack, settings = Stack.of(self), given.settings
        name = f"milepost-{settings.stage}"
        self._arn = stack.format_arn(service="es", resource="domain", resource_name=name)
        region, account = finding(stack.region, "AWS::Region"), finding(stack.account, "AWS::AccountId")
        self._place = f"{region}:{account}:domain/{name}"
        policy = self._let(writer, searcher)
        self.domain = self._made(name, policy, given)
        self.domain.apply_removal_policy(RemovalPolicy.DESTROY)
        self.domain.node.add_dependency(self._log_policy)
        for rule, reason in _ACKNOWLEDGED.items():
            acknowledge(self.domain, reason, rule)
        if settings.opensearch_nodes < _TWO_ZONES:
            reason = "A stage of one node has one zone; an index that is lost is built anew from the table."
            acknowledge(self.domain, reason, "AwsSolutions-OS7")
        given.watch_with(
            lambda alarms: domain_alarms.watch(alarms, domain=name, volume_gb=settings.opensearch_volume_gb)
        )
        for function in (writer, searcher):
            function.function.add_environment("OPENSEARCH_ENDPOINT", f"https://{self.domain.attr_domain_endpoint}")

    def _made(self, name: str, policy: iam.PolicyDocument, given: Surroundings) -> opensearch.CfnDomain:
        settings = given.settings
        return opensearch.CfnDomain(
            self,
            "Domain",
            domain_name=name,
            engine_version=VERSION,
            access_policies=policy,
            advanced_options={
                # So that a request can name no other index in its body than in its path, which the roles are held to.
                "rest.action.multi.allow_explicit_index": "false",
                "indices.query.bool.max_clause_count": _MOST_CLAUSES,
            },
            cluster_config=_cluster(settings.opensearch_instance, settings.opensearch_nodes),
            domain_endpoint_options=opensearch.CfnDomain.DomainEndpointOptionsProperty(
                enforce_https=True, tls_security_policy="Policy-Min-TLS-1-2-PFS-2023-10"
            ),
            ebs_options=opensearch.CfnDomain.EBSOptionsProperty(
                ebs_enabled=True, volume_type="gp3", volume_size=settings.opensearch_volume_gb
            ),
            encryption_at_rest_options=opensearch.CfnDomain.EncryptionAtRestOptionsProperty(enabled=True),
            node_to_node_encryption_options=opensearch.CfnDomain.NodeToNodeEncryptionOptionsProperty(enabled=True),
            log_publishing_options=self._logs(given),
            software_update_options=opensearch.CfnDomain.SoftwareUpdateOptionsProperty(
                auto_software_update_enabled=True
            ),
        )

    def _let(self, writer: Function, searcher: Function) -> iam.PolicyDocument:
        """Let the two functions do what they need, and return the policy of the domain that says the same."""
        indexes, searches = f"{self._arn}/{_INDEXES}", f"{self._arn}/{_INDEXES}/_search"
        may = (
            (writer, indexes, ("es:ESHttpGet", "es:ESHttpPut", "es:ESHttpPost", "es:ESHttpDelete")),
            (searcher, searches, ("es:ESHttpPost",)),
        )
        policy = iam.PolicyDocument()
        for function, resource, actions in may:
            function.role.add_to_policy(allow(*actions, resources=[resource]))
            policy.add_statements(
                iam.PolicyStatement(
                    principals=[iam.ArnPrincipal(function.role.role_arn)], actions=[*actions], resources=[resource]
                )
            )
            reason = "An index is called after its collection, whose id is not known before it is made."
            found = resource.replace(self._arn, f"arn:<AWS::Partition>:es:{self._place}")
            acknowledge(function, reason, f"AwsSolutions-IAM5[Resource::{found}]")
        return policy

    def _logs(self, given: Surroundings) -> dict[str, opensearch.CfnDomain.LogPublishingOptionProperty]:
        """Return where the domain writes what. Slow requests are logged past a threshold, and our indexes set none."""
        groups = {each: encryption.log_group(self, each, settings=given.settings, key=given.key) for each in _LOGS}
        stack = Stack.of(self)
        statement = iam.PolicyStatement(
            principals=[iam.ServicePrincipal("es.amazonaws.com")],
            actions=["logs:PutLogEvents", "logs:CreateLogStream"],
            resources=[f"{group.log_group_arn}" for group in groups.values()],
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": self._arn}},
        )
        self._log_policy = logs.ResourcePolicy(self, "LogPolicy", policy_statements=[statement])
        return {
            name: opensearch.CfnDomain.LogPublishingOptionProperty(
                enabled=True, cloud_watch_logs_log_group_arn=group.log_group_arn
            )
            for name, group in groups.items()
        }


def _cluster(instance: str, nodes: int) -> opensearch.CfnDomain.ClusterConfigProperty:
    if nodes < _TWO_ZONES:
        return opensearch.CfnDomain.ClusterConfigProperty(instance_type=instance, instance_count=nodes)
    return opensearch.CfnDomain.ClusterConfigProperty(
        instance_type=instance,
        instance_count=nodes,
        zone_awareness_enabled=True,
        zone_awareness_config=opensearch.CfnDomain.ZoneAwarenessConfigProperty(availability_zone_count=_TWO_ZONES),
    )
