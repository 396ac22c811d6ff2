"""The CDK app: `cdk deploy --all --context stage=dev`, with a context each for what infra/settings.py asks."""

import os
from pathlib import Path

from aws_cdk import App, Environment

from infra import milepost
from infra.settings import settings_for

ROOT = Path(__file__).parent

app = App()
milepost.build(
    app,
    settings=settings_for(
        stage=app.node.try_get_context("stage") or "local",
        issuer=app.node.try_get_context("issuer"),
        alarm_email=app.node.try_get_context("alarm_email"),
        mail_sender=app.node.try_get_context("mail_sender"),
        sms_countries=app.node.try_get_context("sms_countries"),
        sms_sender_id=app.node.try_get_context("sms_sender_id"),
        oidc_issuer=app.node.try_get_context("oidc_issuer"),
        allowed_origins=app.node.try_get_context("allowed_origins"),
        rate_limit=app.node.try_get_context("rate_limit"),
        credential_rate_limit=app.node.try_get_context("credential_rate_limit"),
    ),
    root=ROOT,
    cache=ROOT / ".milepost" / "bundles",
    environment=Environment(account=os.getenv("CDK_DEFAULT_ACCOUNT"), region=os.getenv("CDK_DEFAULT_REGION")),
)
app.synth()
