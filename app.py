"""The CDK app of a stage: `cdk synth --context stage=dev` reads `stages/dev.toml`; without a stage it is the local one.

`--context stages=FOLDER` reads the file from there.
"""

import os
import sys
from pathlib import Path

from aws_cdk import App, Environment

from infra import milepost, stage_files
from infra.settings import settings_for
from infra.stage_files import LOCAL, StageFile, StageFileError

ROOT = Path(__file__).parent

app = App()
stage = app.node.try_get_context("stage") or LOCAL
folder = ROOT / (app.node.try_get_context("stages") or stage_files.FOLDER)
for name in StageFile.model_fields:
    if app.node.try_get_context(name) is not None:
        sys.exit(f"{name} is a setting of the stage: write it into {folder.name}/{stage}.toml.")
try:
    written = (
        stage_files.read_local(folder=folder) if stage == LOCAL else stage_files.read(stage, folder=folder).settings
    )
except StageFileError as refusal:
    sys.exit(str(refusal))
account = (written and written.account) or os.getenv("CDK_DEFAULT_ACCOUNT")
region = (written and written.region) or os.getenv("CDK_DEFAULT_REGION")
milepost.build(
    app,
    settings=settings_for(stage, written),
    root=ROOT,
    cache=ROOT / ".milepost" / "bundles",
    environment=Environment(account=account, region=region),
)
app.synth()
