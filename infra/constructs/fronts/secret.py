"""What a front before the API shares with the functions: a secret by which they know it (`shared/api/front.py`)."""

import json
from typing import NamedTuple

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.function import Function, allow
from infra.constructs.generated_secret import arn_of, changed_by_hand
from infra.settings import Settings

_ROTATION = (
    "The front is told the secret by whoever runs it, so no schedule may change it; docs/deploying.md says how it is "
    "changed by hand, with two values that are good meanwhile."
)


class FrontSecret(Construct):
    """The secret. It is generated, and has room for the value before while the front is given a new one."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"What the front of Milepost is known by, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"previous": ""}),
                generate_string_key="current",
                password_length=64,
                exclude_punctuation=True,
            ),
            encryption_key=key,
            removal_policy=settings.removal_policy,
        )
        changed_by_hand(self.secret, _ROTATION, key)

    @property
    def arn(self) -> str:
        """Return the ARN of the secret."""
        return arn_of(self.secret)


class Front(NamedTuple):
    """The front of a stage, as the functions behind it know it: by its secret, and its header with the address."""

    address_header: str
    secret_arn: str
    is_the_only_way_in: bool

    def introduce(self, function: Function) -> None:
        """Let a function know the front, and believe what it says of where a request comes from."""
        function.role.add_to_policy(allow("secretsmanager:GetSecretValue", resources=[self.secret_arn]))
        function.function.add_environment("FRONT_ADDRESS_HEADER", self.address_header)
        function.function.add_environment("FRONT_SECRET_ID", self.secret_arn)
        if self.is_the_only_way_in:
            function.function.add_environment("FRONT_IS_THE_ONLY_WAY_IN", "true")
