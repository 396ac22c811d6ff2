"""The key that signs access tokens. It never leaves KMS; its public half is served as a JWKS."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.settings import Settings


class SigningKey(Construct):
    """An ES256 key pair. AWS does not rotate asymmetric keys by itself: a rotation is a second key in the JWKS."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.key = kms.Key(
            self,
            "Key",
            description=f"Signs the access tokens of Milepost, stage {settings.stage}",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=settings.removal_policy,
            pending_window=Duration.days(30) if settings.keep_data else Duration.days(7),
        )

    @property
    def arn(self) -> str:
        """Return the ARN of the key."""
        return self.key.key_arn
