"""The files in which owners write down what their stages are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra import stage_files
from infra.settings import settings_for
from infra.stage_files import StageFileError
from tests.infra.stage_folder import PRODUCTION, folder, refusal, write
from tests.infra.stages import ROOT

__all__ = ["folder"]

VAULT = "arn:aws:backup:eu-west-1:210987654321:backup-vault:"
ZONE = "Z0123456789EXAMPLE"


def test_a_file_says_what_the_stage_is(folder: Path) -> None:
    write(folder, f'{PRODUCTION}alarm_email = "you@example.com"\nsms_countries = ["+49"]\nrate_limit = "200/500"\n')
    written = stage_files.read("prod", folder=folder)

    assert written.settings.kind == "production"
    assert written.settings.alarm_email == "you@example.com"
    assert written.settings.sms_countries == ("+49",)
    assert written.settings.rate_limit == "200/500"
    assert written.removed == frozenset()


def test_the_example_is_a_stage_file_and_names_every_setting(folder: Path) -> None:
    text = (ROOT / "stages" / "example.toml").read_text(encoding="utf-8")
    everything = "".join(line.removeprefix("# ") for line in text.splitlines(keepends=True) if " = " in line)
    named = {line.split(" = ")[0] for line in everything.splitlines()}

    write(folder, text)
    assert stage_files.read("prod", folder=folder).settings.kind == "development"
    assert named == stage_files.StageFile.model_fields.keys()


@pytest.mark.parametrize(
    "left_out",
    [
        {"front_address_header"},
        {name for name in stage_files.StageFile.model_fields if name.startswith(("front", "origin_"))}
        - {"front_address_header"},
    ],
    ids=["a front", "a front of somebody else"],
)
def test_every_setting_of_the_example_can_be_set_but_for_the_other_kind_of_front(
    folder: Path, left_out: set[str]
) -> None:
    lines = (ROOT / "stages" / "example.toml").read_text(encoding="utf-8").splitlines()
    settings = [line.removeprefix("# ") for line in lines if " = " in line]
    write(folder, "\n".join(line for line in settings if line.split(" = ")[0] not in left_out))
    written = stage_files.read("prod", folder=folder).settings

    assert written.given().keys() == stage_files.StageFile.model_fields.keys() - left_out
    assert settings_for("prod", written).alarm_email == "you@example.com"


def test_a_setting_may_be_named_to_say_that_there_is_none(folder: Path) -> None:
    write(folder, f'{PRODUCTION}alarm_email = "none"\nrate_limit = "none"\n')
    written = stage_files.read("prod", folder=folder)

    assert written.settings.given() == {"kind": "production"}
    assert written.removed == {"alarm_email", "rate_limit"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("alarm_mail = 1", "alarm_mail is no setting; there are kind, account, region"),
        (f'backup_copy_to = "{VAULT}milepost"', "backup_copy_to copies backups; set backup = true as well"),
        (f'backup_copy_to = "{VAULT}Default"', "backup_copy_to: AWS copies nothing into the default vault"),
        ('backup_copy_to = "arn:aws:s3:::backups"', "backup_copy_to: arn:aws:s3:::backups is no ARN of a backup vault"),
        ('adopted_table = "milepost-prod"', "adopted_table: milepost-prod is no ARN of the stream of a table"),
        ('alarm_mail = "none"', "alarm_mail is no setting"),
        ('alarm_email = "nobody"', "alarm_email: value is not a valid email address"),
        ('account = "12"', "account: String should match"),
        ('region = "Frankfurt"', "region: String should match"),
        ('issuer = "http://api.example.com"', "issuer: String should match"),
        ('issuer = "https://api.example.com/"', "issuer: String should match"),
        ('issuer = "https://me:secret@api.example.com"', "issuer: String should match"),
        ('issuer = "https://me@api.example.com/path"', "issuer: String should match"),
        ('issuer = "https://api.example.com?tenant=1"', "issuer: String should match"),
        ('issuer = "https://api.example.com/path#part"', "issuer: String should match"),
        ('oidc_issuer = "https://me:secret@accounts.example.com"', "oidc_issuer: String should match"),
        ("monthly_budget = 100", "monthly_budget: alarm_email is told of it, and is not set"),
        ("monthly_sms_budget = 0", "monthly_sms_budget: Input should be greater than or equal to 1"),
        ('monthly_sms_budget = "20"', "monthly_sms_budget: Input should be a valid integer"),
        ('introspection = "sometimes"', "introspection: Input should be a valid boolean"),
        ('canary = "10%"', "canary: not written like"),
        ('canary = "0% for 5 minutes"', "canary: 1 to 50 percent can be first, not 0"),
        ('canary = "51% for 5 minutes"', "canary: 1 to 50 percent can be first, not 51"),
        ('canary = "10% for 4 minutes"', "canary: 5 to 60 minutes decide, not 4"),
        ('canary = "10% for 61 minutes"', "canary: 5 to 60 minutes decide, not 61"),
        (
            "provisioned_concurrency = 2",
            "provisioned_concurrency is for versions, which only a stage with a canary has",
        ),
        ("provisioned_concurrency = 0", "provisioned_concurrency: Input should be greater than or equal to 1"),
        (
            'canary = "10% for 5 minutes"\nprovisioned_concurrency = 11\nreserved_for_authorizer = 20',
            "reserved_for_authorizer has to be twice provisioned_concurrency: two versions are warm at a time",
        ),
        ('allowed_origins = "https://app.example.com"', "allowed_origins: Input should be a valid tuple"),
    ],
)
def test_a_fault_is_named_with_file_and_setting(folder: Path, line: str, said: str) -> None:
    write(folder, f"{PRODUCTION}{line}\n")

    assert f"stages/prod.toml: {said}" in refusal(folder)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.com",
        "https://app.example.com/",
        "https://app.example.com/path",
        "app.example.com",
        "null",
        "https://App.example.com",
        "https://user@app.example.com",
        "",
    ],
)
def test_what_is_not_a_single_origin_is_refused(folder: Path, origin: str) -> None:
    write(folder, f'{PRODUCTION}allowed_origins = ["https://app.example.com", "{origin}"]\n')

    assert (
        refusal(folder)
        == f"stages/prod.toml: allowed_origins: not an origin, such as https://app.example.com: {origin!r}"
    )


def test_settings_that_do_not_go_together_are_refused_together(folder: Path) -> None:
    write(folder, f'{PRODUCTION}domain = "api.example.com"\nfront_blocks_anonymous = true\n')

    assert refusal(folder).splitlines() == [
        "stages/prod.toml: front_blocks_anonymous: there is no front; write front = true",
        "stages/prod.toml: domain: needs certificate_arn, or hosted_zone to have a certificate made",
    ]


def test_a_stage_says_of_what_kind_it_is(folder: Path) -> None:
    write(folder, "")
    without = refusal(folder)
    write(folder, 'kind = "staging"\n')

    assert without == "stages/prod.toml: kind is missing"
    assert refusal(folder) == "stages/prod.toml: kind: Input should be 'production' or 'development'"


def test_what_is_no_toml_is_refused_with_its_place(folder: Path) -> None:
    write(folder, f"{PRODUCTION}alarm_email you@example.com\n")

    assert refusal(folder).startswith("stages/prod.toml is no TOML: ")
    assert "line 2" in refusal(folder)


def test_a_file_that_is_not_there_is_missed_by_name(folder: Path) -> None:
    assert refusal(folder) == "There is no stages/prod.toml. Copy stages/example.toml and change it."


@pytest.mark.parametrize("name", ["", "Prod", "my-stage", "../prod", "1st", "averylongname1", "prod\n"])
def test_a_name_that_cannot_be_part_of_others_is_refused(folder: Path, name: str) -> None:
    assert "is no name of a stage" in refusal(folder, name)


def test_the_example_is_copied_and_not_deployed() -> None:
    said = refusal(ROOT / "stages", "example")

    assert said == "STAGE=example is the example. Copy stages/example.toml to stages/<name>.toml, such as dev.toml."


@pytest.mark.parametrize("name", ["prod", "local"])
def test_what_is_no_file_is_refused(folder: Path, name: str) -> None:
    (folder / f"{name}.toml").mkdir()
    with pytest.raises(StageFileError) as refused:
        stage_files.read_local(folder=folder) if name == "local" else stage_files.read(name, folder=folder)

    assert str(refused.value) == f"stages/{name}.toml cannot be read: Is a directory"


def test_the_local_stage_is_not_on_aws(folder: Path) -> None:
    assert "not on AWS" in refusal(folder, "local")


def test_the_local_stage_may_have_a_file_that_needs_no_kind(folder: Path) -> None:
    without = stage_files.read_local(folder=folder)
    write(folder, 'rate_limit = "1000/5000"\n', name="local")
    written = stage_files.read_local(folder=folder)

    assert without is None
    assert written is not None
    assert written.rate_limit == "1000/5000"


def test_the_local_stage_says_that_it_has_no_codedeploy(folder: Path) -> None:
    write(folder, 'canary = "10% for 5 minutes"\n', name="local")
    with pytest.raises(StageFileError) as refused:
        stage_files.read_local(folder=folder)

    assert str(refused.value) == "stages/local.toml: canary is for stages on AWS; the emulator has no CodeDeploy."


def test_an_argument_of_the_command_line_is_shown_into_the_file() -> None:
    context = json.dumps({"stage": "prod", "stages": "tests/infra/stage_files", "alarm_email": "you@example.com"})
    refused = subprocess.run(
        [sys.executable, "app.py"],
        check=False,
        cwd=ROOT,
        env=os.environ | {"CDK_CONTEXT_JSON": context},
        capture_output=True,
        text=True,
    )

    assert refused.returncode == 1
    assert "alarm_email is a setting of the stage: write it into stage_files/prod.toml." in refused.stderr
