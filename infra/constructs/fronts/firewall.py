"""A web ACL of AWS WAF before one of the two ways in: a rate for each address, and rules that AWS keeps.

What is blocked is logged, without credentials: headers that have some are redacted, and so is the query, which has the
token of a link.
"""

from collections.abc import Mapping
from typing import Final, Literal

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.constructs import encryption
from infra.settings import Settings

_RATE_WINDOW_SECONDS: Final = 300
# Rules of the common group that the API breaks by what it is for. They count, so that the log of the metrics has them.
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
COUNTED: Final = (
    # Bodies have up to 1 MB here, imports above all; the rule's limit is 8 KB.
    "SizeRestrictions_BODY",
    # Cursors have up to 4,096 characters; the rule's limit is 2,048.
    "SizeRestrictions_QUERYSTRING",
    # Bodies are JSON with what people write, which no function takes for markup, a path or an address to read from.
    "CrossSiteScripting_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "EC2MetaDataSSRF_BODY",
    # Services and senders of webhooks are no browsers.
    "NoUserAgent_HEADER",
)
_MANAGED: Final[Mapping[str, tuple[str, ...]]] = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesCommonRuleSet": COUNTED,
    "AWSManagedRulesKnownBadInputsRuleSet": (),
}
_ANONYMOUS: Final = "AWSManagedRulesAnonymousIpList"
REDACTED: Final = ("authorization", "x-api-key", "cookie")
# What our own functions send: AppSync refuses it itself, before any function runs, unless the signature is a good one.
_SIGNED: Final = "AWS4-HMAC-SHA256"

_Rule = waf.CfnWebACL.RuleProperty
_Statement = waf.CfnWebACL.StatementProperty


class Firewall(Construct):
    """The web ACL. `reach` is CLOUDFRONT for a distribution, in its region, and REGIONAL for AppSync.

    Its log is encrypted by `key`, which is one of the same region.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        reach: Literal["CLOUDFRONT", "REGIONAL"],
        key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, id_)
        managed = dict(_MANAGED) | ({_ANONYMOUS: ()} if settings.front_blocks_anonymous else {})
        rules = [_rate(settings, exempt_signed=reach == "REGIONAL")]
        rules += [_group(name, place, counted) for place, (name, counted) in enumerate(managed.items(), start=1)]
        self.acl = waf.CfnWebACL(
            self,
            "Acl",
            scope=reach,
            default_action=waf.CfnWebACL.DefaultActionProperty(allow=waf.CfnWebACL.AllowActionProperty()),
            visibility_config=_visible("Firewall"),
            rules=rules,
        )
        self._log(settings, key)

    def protect(self, resource_arn: str) -> None:
        """Put the web ACL before a resource of this region."""
        waf.CfnWebACLAssociation(self, "Association", resource_arn=resource_arn, web_acl_arn=self.acl.attr_arn)

    def _log(self, settings: Settings, key: kms.IKey | None) -> None:
        # WAF wants the beginning; the id makes it another one whenever the web ACL is made again.
        name = f"aws-waf-logs-milepost-{settings.stage}-{self.acl.attr_id}"
        log_group = encryption.log_group(self, "Log", settings=settings, key=key, name=name)
        arn = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=log_group.log_group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        field = waf.CfnLoggingConfiguration.FieldToMatchProperty
        waf.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=self.acl.attr_arn,
            log_destination_configs=[arn],
            redacted_fields=[*(field(single_header={"Name": name}) for name in REDACTED), field(query_string={})],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [
                    {
                        "Behavior": "KEEP",
                        "Requirement": "MEETS_ANY",
                        "Conditions": [{"ActionCondition": {"Action": "BLOCK"}}],
                    }
                ],
            },
        )


def _rate(settings: Settings, *, exempt_signed: bool) -> _Rule:
    """Return the rule that answers 429 to an address that sends too much."""
    rated = waf.CfnWebACL.RateBasedStatementProperty(
        aggregate_key_type="IP",
        evaluation_window_sec=_RATE_WINDOW_SECONDS,
        limit=settings.front_requests_per_address,
        scope_down_statement=_not_signed() if exempt_signed else None,
    )
    slower = waf.CfnWebACL.CustomHTTPHeaderProperty(name="Retry-After", value="60")
    response = waf.CfnWebACL.CustomResponseProperty(response_code=429, response_headers=[slower])
    return _Rule(
        name="RequestsPerAddress",
        priority=0,
        statement=_Statement(rate_based_statement=rated),
        action=waf.CfnWebACL.RuleActionProperty(block=waf.CfnWebACL.BlockActionProperty(custom_response=response)),
        visibility_config=_visible("RequestsPerAddress"),
    )


def _not_signed() -> _Statement:
    """Return the statement that is true of what is not signed by a role."""
    signed = waf.CfnWebACL.ByteMatchStatementProperty(
        field_to_match=waf.CfnWebACL.FieldToMatchProperty(single_header={"Name": "authorization"}),
        positional_constraint="STARTS_WITH",
        search_string=_SIGNED,
        text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
    )
    negated = waf.CfnWebACL.NotStatementProperty(statement=_Statement(byte_match_statement=signed))
    return _Statement(not_statement=negated)


def _group(name: str, place: int, counted: tuple[str, ...]) -> _Rule:
    """Return the rule that asks a group which AWS keeps; what is `counted` of it blocks nothing."""
    count = waf.CfnWebACL.RuleActionProperty(count=waf.CfnWebACL.CountActionProperty())
    overrides = [waf.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=count) for rule in counted]
    group = waf.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS", name=name, rule_action_overrides=overrides or None
    )
    return _Rule(
        name=name,
        priority=place,
        statement=_Statement(managed_rule_group_statement=group),
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_visible(name),
    )


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    # Sampled requests show whole headers in the console, credentials included.
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
