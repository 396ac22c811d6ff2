"""What differs between the stages, and nothing else: everything not named here is the same everywhere."""

import platform
import sys
from dataclasses import dataclass, field
from typing import Literal, get_args

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_lambda import Architecture, Runtime, RuntimeFamily
from aws_cdk.aws_logs import RetentionDays

from infra.bundle import Target

GOOGLE = "https://accounts.google.com"

Stage = Literal["local", "dev", "prod"]

AWS_TARGET = Target(python="3.13", platform="aarch64-manylinux_2_28")
HOST_TARGET = Target(python=f"{sys.version_info.major}.{sys.version_info.minor}", platform=None)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One stage. `issuer` is None where tokens are issued in the name of the API's own address.

    Without a `mail_sender` it sends no e-mail. `oidc_issuer` is whom people may sign in with.
    """

    stage: Stage
    keep_data: bool
    log_level: Literal["DEBUG", "INFO", "WARNING"]
    log_retention: RetentionDays
    requests_per_second: int
    request_burst: int
    issuer: str | None = None
    alarm_email: str | None = None
    mail_sender: str | None = None
    oidc_issuer: str = GOOGLE
    bundle: Target = field(default=AWS_TARGET)
    authorizer_cache: Duration = field(default_factory=lambda: Duration.seconds(60))

    @property
    def token_audience(self) -> str:
        """Return the `aud` of the stage's access tokens, so that a token of one stage is refused by another."""
        return f"milepost-{self.stage}"

    @property
    def removal_policy(self) -> RemovalPolicy:
        """Return what happens to table, key and logs when their stack goes."""
        return RemovalPolicy.RETAIN if self.keep_data else RemovalPolicy.DESTROY

    @property
    def runtime(self) -> Runtime:
        """Return the Lambda runtime that the bundle was made for."""
        return Runtime(f"python{self.bundle.python}", RuntimeFamily.PYTHON)

    @property
    def architecture(self) -> Architecture:
        """Return arm64 on AWS and the host's own architecture on the local stage."""
        machine = "arm64" if self.bundle.platform else platform.machine().lower()
        return Architecture.ARM_64 if machine in {"arm64", "aarch64"} else Architecture.X86_64


def settings_for(
    *,
    stage: str,
    issuer: str | None = None,
    alarm_email: str | None = None,
    mail_sender: str | None = None,
    oidc_issuer: str | None = None,
) -> Settings:
    """Return the settings of a stage. Raises ValueError when there is no such stage."""
    if stage not in get_args(Stage):
        raise ValueError(f"no stage {stage!r}: choose one of {', '.join(get_args(Stage))}")
    if stage == "local":
        # No throttling worth the name: the load tests of a laptop run against this stage.
        return Settings(
            stage="local",
            keep_data=False,
            log_level="INFO",
            log_retention=RetentionDays.ONE_DAY,
            requests_per_second=10_000,
            request_burst=5_000,
            issuer=issuer,
            mail_sender=mail_sender or "no-reply@milepost.example",
            oidc_issuer=oidc_issuer or GOOGLE,
            bundle=HOST_TARGET,
        )
    production = stage == "prod"
    return Settings(
        stage="prod" if production else "dev",
        keep_data=True,
        log_level="INFO" if production else "DEBUG",
        log_retention=RetentionDays.THREE_MONTHS if production else RetentionDays.TWO_WEEKS,
        requests_per_second=500 if production else 50,
        request_burst=1_000 if production else 100,
        issuer=issuer,
        alarm_email=alarm_email,
        mail_sender=mail_sender,
        oidc_issuer=oidc_issuer or GOOGLE,
    )
