"""What differs between the stages, and nothing else: everything not named here is the same everywhere."""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_lambda import Architecture, Runtime, RuntimeFamily
from aws_cdk.aws_logs import RetentionDays

from infra import addresses, adopted_tables, origins, sender, sms
from infra.adopted_tables import AdoptedTable
from infra.bundling.target import AWS_TARGET, Target
from infra.canary import Canary
from infra.stage_files import LOCAL, StageFile
from shared.rates import Rate

GOOGLE = "https://accounts.google.com"
RATE_LIMIT = Rate(20, 50)
# What 10,000 people behind one address need who come within ten minutes, and as much again:
# docs/decisions/0056-limits-of-addresses.md
ADDRESS_RATE_LIMIT = Rate(200, 1000)
CREDENTIAL_RATE_LIMIT = Rate(2, 400)
REGISTRATION_RATE_LIMIT = Rate(1, 50)
# In five minutes: 333 a second, five times what that office sends in its busiest second.
FRONT_REQUESTS_PER_ADDRESS = 100_000
# In which our own front names the address of the caller (infra/constructs/fronts/viewer_address.js).
VIEWER_HEADER = "x-viewer-address"

_DAYS = {RetentionDays.ONE_DAY: 1, RetentionDays.TWO_WEEKS: 14, RetentionDays.THREE_MONTHS: 90}

HOST_TARGET = Target(python=f"{sys.version_info.major}.{sys.version_info.minor}", platform=None)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One stage. `issuer` is None where tokens are issued in the name of the API's own address.

    `domain` is the name that REST answers under, `graphql_domain` that of GraphQL; None leaves the addresses that AWS
    gives. Their certificates are those named, or are made, and proved by records in the `hosted_zone`; so are the
    records of the names. With `front`, CloudFront answers under the `domain` and is the only way in; `origin_domain` is
    the name that it finds the API under.
    Without a `mail_sender` it sends no e-mail. SMS it sends to numbers that begin with one of `sms_countries`, in the
    name of `sms_sender_id`. `oidc_issuer` is whom people may sign in with.
    Pages of `allowed_origins` may call the API. `rate_limit` is that of every caller, `address_rate_limit` that of a
    source address where nobody is known, `credential_rate_limit` that of the wrong passwords and codes from there,
    `registration_rate_limit` that of registrations; `requests_per_second` are those of all together. In
    `front_address_header`, in small letters, a front before the API names the source address. `reserved_for_…` is how
    much of the account's concurrency only sign-in (the identity API) and the authorizer get; None leaves them what the
    others leave. With a `canary` a new version of what answers requests takes over by and by, and of each version
    `provisioned_concurrency` instances are kept warm. With a `customer_managed_key` logs, secrets, alarms, files
    and discarded records are encrypted by a key of the account. `monthly_budget` is how many US$ a month the
    account may cost before somebody is told, and `monthly_sms_budget` the same of SMS. With `introspection` the
    GraphQL front tells its schema. With `backup` AWS Backup keeps the table too, with copies in the vault
    `backup_copy_to`. With the `search_engine` OpenSearch, a domain of so many `opensearch_nodes` has the indexes.
    With the `audience_engine` Athena, it is asked about leads too many for a function, reading `athena_gb_per_query` at
    most. With the `evidence_scanner` GuardDuty, evidence waits until it was scanned for malware. With an
    `adopted_table` the data are in that, and the stage's stack has none. `given` is what the stage file sets, for the
    deployments that follow.
    """

    stage: str
    keep_data: bool
    log_level: Literal["DEBUG", "INFO", "WARNING"]
    log_retention: RetentionDays
    requests_per_second: int
    request_burst: int
    introspection: bool
    issuer: str | None = None
    domain: str | None = None
    graphql_domain: str | None = None
    hosted_zone: str | None = None
    certificate_arn: str | None = None
    graphql_certificate_arn: str | None = None
    front: bool = False
    front_certificate_arn: str | None = None
    front_requests_per_address: int = FRONT_REQUESTS_PER_ADDRESS
    front_price_class: Literal["100", "200", "all"] = "all"
    front_blocks_anonymous: bool = False
    origin_domain: str | None = None
    alarm_email: str | None = None
    mail_sender: str | None = None
    sms_countries: tuple[str, ...] = ()
    sms_sender_id: str | None = None
    oidc_issuer: str = GOOGLE
    allowed_origins: tuple[str, ...] = ()
    allow_loopback_webhooks: bool = False
    rate_limit: Rate = RATE_LIMIT
    address_rate_limit: Rate = ADDRESS_RATE_LIMIT
    credential_rate_limit: Rate = CREDENTIAL_RATE_LIMIT
    registration_rate_limit: Rate = REGISTRATION_RATE_LIMIT
    front_address_header: str | None = None
    allow_unsigned_webhooks: bool = False
    reserved_for_sign_in: int | None = None
    reserved_for_authorizer: int | None = None
    canary: Canary | None = None
    provisioned_concurrency: int | None = None
    customer_managed_key: bool = False
    monthly_budget: int | None = None
    monthly_sms_budget: int = 1
    backup: bool = False
    backup_copy_to: str | None = None
    search_engine: Literal["embedded", "opensearch"] = "embedded"
    opensearch_instance: str = "t3.medium.search"
    opensearch_nodes: int = 1
    opensearch_volume_gb: int = 10
    audience_engine: Literal["embedded", "athena"] = "embedded"
    athena_gb_per_query: int = 10
    evidence_scanner: Literal["none", "guardduty"] = "none"
    adopted_table: AdoptedTable | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    bundle: Target = field(default=AWS_TARGET)
    authorizer_cache: Duration = field(default_factory=lambda: Duration.seconds(60))

    @property
    def api_domain(self) -> str | None:
        """Return the name that API Gateway knows the API under; callers may know another, that of the front."""
        return self.origin_domain if self.front else self.domain

    @property
    def log_days(self) -> int:
        """Return how many days logs are kept."""
        return _DAYS[self.log_retention]

    @property
    def needs_edge(self) -> bool:
        """Return whether the stage has a stack in the region of CloudFront."""
        return addresses.needs_edge(self.given)

    @property
    def serves_api_at_its_address(self) -> bool:
        """Return whether the API answers at the address that AWS gives it; the emulator's answers on the loopback."""
        return self.stage != LOCAL

    @property
    def carries_subscriptions(self) -> bool:
        """Return whether the GraphQL front has subscriptions and knows roles; the emulator's has neither."""
        return self.stage != LOCAL

    @property
    def table_timeout_seconds(self) -> int | None:
        """Return how long a call to the table may take, None for as long as the functions think right.

        In a burst the emulator starts dozens of processes on the processors that it answers with. Three tries are
        over before the fronts give up after 30 seconds.
        """
        return 8 if self.stage == LOCAL else None

    @property
    def authorizer_timeout(self) -> Duration:
        """Return how long the authorizer of the GraphQL front may take.

        AppSync gives up after ten seconds (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
        The emulator waits for as long as the function may take, and starts other processes meanwhile.
        """
        return Duration.seconds(29) if self.stage == "local" else Duration.seconds(9)

    @property
    def finds_packages(self) -> bool:
        """Return whether functions run on the machine that deploys them, and find their packages there."""
        return self.stage == LOCAL

    @property
    def token_audience(self) -> str:
        """Return the `aud` of the stage's access tokens, so that a token of one stage is refused by another."""
        return f"milepost-{self.stage}"

    @property
    def knows_metric_math(self) -> bool:
        """Return whether alarms may calculate with metrics; the emulator refuses those that do."""
        return self.stage != LOCAL

    @property
    def metrics_namespace(self) -> str:
        """Return where CloudWatch has the stage's own metrics: stages of one account are not to be added up."""
        return f"Milepost/{self.stage}"

    @property
    def removal_policy(self) -> RemovalPolicy:
        """Return what happens to data and logs when their stack goes; one that failed to be made leaves nothing."""
        return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if self.keep_data else RemovalPolicy.DESTROY

    @property
    def runtime(self) -> Runtime:
        """Return the Lambda runtime that the bundle was made for."""
        return Runtime(f"python{self.bundle.python}", RuntimeFamily.PYTHON)

    @property
    def architecture(self) -> Architecture:
        """Return arm64 on AWS and the host's own architecture on the local stage."""
        machine = "arm64" if self.bundle.platform else platform.machine().lower()
        return Architecture.ARM_64 if machine in {"arm64", "aarch64"} else Architecture.X86_64


def settings_for(stage: str, written: StageFile | None = None) -> Settings:
    """Return the settings of a stage, given what its owner wrote; the local one needs nothing written."""
    if stage == LOCAL:
        settings = _local()
    elif written is None:
        raise ValueError(f"the stage {stage} has no file")
    else:
        settings = _on_aws(stage, is_production=written.kind == "production")
    return settings if written is None else replace(settings, **_decided(written))


# What is said as it is kept.
_PLAIN = (
    "search_engine",
    "opensearch_instance",
    "opensearch_nodes",
    "opensearch_volume_gb",
    "audience_engine",
    "athena_gb_per_query",
    "evidence_scanner",
    "backup",
    "monthly_budget",
)


def _decided(written: StageFile) -> dict[str, Any]:
    """Return what the owner has set, in the types of `Settings`."""
    given: dict[str, Any] = {name: getattr(written, name) for name in _PLAIN} | {
        "issuer": written.issuer,
        "domain": written.domain,
        "graphql_domain": written.graphql_domain,
        "hosted_zone": written.hosted_zone,
        "certificate_arn": written.certificate_arn,
        "graphql_certificate_arn": written.graphql_certificate_arn,
        "front": written.front,
        "front_certificate_arn": written.front_certificate_arn,
        "front_requests_per_address": written.front_requests_per_address,
        "front_price_class": written.front_price_class,
        "front_blocks_anonymous": written.front_blocks_anonymous,
        "origin_domain": written.origin_domain,
        "alarm_email": written.alarm_email,
        "mail_sender": written.mail_sender,
        "sms_countries": written.sms_countries,
        "sms_sender_id": written.sms_sender_id,
        "oidc_issuer": written.oidc_issuer,
        "allowed_origins": written.allowed_origins,
        "rate_limit": _rate(written.rate_limit),
        "address_rate_limit": _rate(written.address_rate_limit),
        "credential_rate_limit": _rate(written.credential_rate_limit),
        "registration_rate_limit": _rate(written.registration_rate_limit),
        "front_address_header": VIEWER_HEADER
        if written.front
        else (written.front_address_header or "").lower() or None,
        "reserved_for_sign_in": written.reserved_for_sign_in,
        "reserved_for_authorizer": written.reserved_for_authorizer,
        "canary": Canary.parse(written.canary) if written.canary else None,
        "customer_managed_key": written.customer_managed_key,
        "provisioned_concurrency": written.provisioned_concurrency,
        "introspection": written.introspection,
        "monthly_sms_budget": written.monthly_sms_budget,
        "backup_copy_to": written.backup_copy_to,
        "adopted_table": written.adopted_table and adopted_tables.parse(written.adopted_table),
    }
    found = {name: value for name, value in given.items() if value is not None}
    return found | {"given": written.given()}


def _rate(text: str | None) -> Rate | None:
    return Rate.parse(text) if text else None


def _local() -> Settings:
    return Settings(
        stage=LOCAL,
        keep_data=False,
        log_level="INFO",
        log_retention=RetentionDays.ONE_DAY,
        # No throttling worth the name: the load tests of a laptop run against this stage.
        requests_per_second=10_000,
        request_burst=5_000,
        introspection=True,
        mail_sender=sender.LOCAL,
        sms_countries=sms.EVERYWHERE,
        allowed_origins=origins.LOCAL,
        # A receiver on the laptop is how webhooks are tried out; anywhere else loopback is the function itself.
        allow_loopback_webhooks=True,
        allow_unsigned_webhooks=True,
        bundle=HOST_TARGET,
    )


def _on_aws(stage: str, *, is_production: bool) -> Settings:
    return Settings(
        stage=stage,
        keep_data=True,
        log_level="INFO" if is_production else "DEBUG",
        log_retention=RetentionDays.THREE_MONTHS if is_production else RetentionDays.TWO_WEEKS,
        requests_per_second=500 if is_production else 50,
        request_burst=1_000 if is_production else 100,
        introspection=not is_production,
        opensearch_instance="r7g.large.search" if is_production else "t3.medium.search",
        opensearch_nodes=2 if is_production else 1,
        opensearch_volume_gb=20 if is_production else 10,
    )
