"""What the owner of a stage has decided about it: the file `stages/<name>.toml`.

A setting that is not in the file is not set. `"none"` says the same in words: `make deploy` asks for them before it
takes a setting away that the stage has (`infra/deploying/earlier.py`).
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from infra import addresses, adopted_tables, origins, sender, sms
from infra.canary import Canary
from shared.api.front import PROOF_HEADER
from shared.rates import Rate

LOCAL: Final = "local"
EXAMPLE: Final = "example"
FOLDER: Final = "stages"
NONE: Final = "none"
_ON_AWS_ONLY: Final = {
    "canary": "the emulator has no CodeDeploy",
    "search_engine": "the emulator has no OpenSearch",
    "audience_engine": "the emulator's Athena speaks another SQL",
    "customer_managed_key": "the emulator encrypts nothing",
    "evidence_scanner": "the emulator has no GuardDuty",
}
# It is a part of names that AWS limits to 64 characters, and of lists that are parted by dashes.
_NAME = re.compile(r"[a-z][a-z0-9]{0,11}", re.ASCII)
_VAULT = re.compile(r"arn:aws[a-z-]*:backup:[a-z0-9-]+:[0-9]{12}:backup-vault:([A-Za-z0-9_-]{2,50})", re.ASCII)

# What a front or a caller proves itself with would be taken for an address, and counted in the table.
_OF_OTHERS: Final = {PROOF_HEADER, "authorization", "cookie", "host", "proxy-authorization", "x-api-key"}

Kind = Literal["production", "development"]
_Rate = Annotated[str, AfterValidator(lambda text: str(Rate.parse(text)))]
_Canary = Annotated[str, AfterValidator(lambda text: str(Canary.parse(text)))]
# Nothing reserved is no setting; 0 would stop the function.
_Concurrency = Annotated[int, Field(strict=True, ge=1)]
_Dollars = Annotated[int, Field(strict=True, ge=1)]


def _require_pairs(nodes: int) -> int:
    """Return how many nodes a domain has if they are spread evenly over two zones. Raises ValueError."""
    if nodes > 1 and nodes % 2:
        raise ValueError("1, or an even number: as many in each of two zones")
    return nodes


_Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s/@?#\\]+(/[^\s?#]*[^\s/?#])?$")]


def _require_address_header(name: str) -> str:
    """Return the header if a front can say an address in it. Raises ValueError."""
    if name.lower() in _OF_OTHERS:
        raise ValueError(f"{name} says something else than an address")
    return name


_Header = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$"), AfterValidator(_require_address_header)]
# No certificate of ACM is for a longer name: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
_Domain = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$", max_length=64)
]
_Certificate = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$")
]


def _require_vault(arn: str) -> str:
    """Return the ARN of a vault that backups can be copied to. Raises ValueError."""
    found = _VAULT.fullmatch(arn)
    if found is None:
        raise ValueError(f"{arn} is no ARN of a backup vault")
    if found[1] == "Default":
        raise ValueError("AWS copies nothing into the default vault of another account; make one with a key of yours")
    return arn


class StageFileError(Exception):
    """A stage file is missing or says what no stage can be; the message names file, setting and reason."""


def _require_reader(budget: int, others: ValidationInfo) -> int:
    if others.data.get("alarm_email") is None:
        raise ValueError("alarm_email is told of it, and is not set")
    return budget


class StageFile(BaseModel):
    """The settings of one stage; docs/deploying.md says what each of them does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    account: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")] | None = None
    issuer: _Address | None = None
    domain: _Domain | None = None
    graphql_domain: _Domain | None = None
    hosted_zone: Annotated[str, StringConstraints(pattern=r"^Z[A-Z0-9]{1,31}$")] | None = None
    certificate_arn: _Certificate | None = None
    graphql_certificate_arn: _Certificate | None = None
    front: bool | None = None
    front_certificate_arn: _Certificate | None = None
    front_requests_per_address: Annotated[int, Field(strict=True, ge=10, le=2_000_000_000)] | None = None
    front_price_class: Literal["100", "200", "all"] | None = None
    front_blocks_anonymous: bool | None = None
    origin_domain: _Domain | None = None
    alarm_email: EmailStr | None = None
    mail_sender: Annotated[EmailStr, AfterValidator(sender.require_labelled)] | None = None
    sms_countries: Annotated[tuple[str, ...], AfterValidator(sms.require_countries)] | None = None
    sms_sender_id: Annotated[str, AfterValidator(sms.require_sender_id)] | None = None
    oidc_issuer: _Address | None = None
    allowed_origins: Annotated[tuple[str, ...], AfterValidator(origins.require)] | None = None
    introspection: bool | None = None
    reserved_for_sign_in: _Concurrency | None = None
    reserved_for_authorizer: _Concurrency | None = None
    canary: _Canary | None = None
    provisioned_concurrency: _Concurrency | None = None
    customer_managed_key: Annotated[bool, Field(strict=True)] | None = None
    monthly_budget: Annotated[_Dollars, AfterValidator(_require_reader)] | None = None
    monthly_sms_budget: _Dollars | None = None
    rate_limit: _Rate | None = None
    address_rate_limit: _Rate | None = None
    credential_rate_limit: _Rate | None = None
    registration_rate_limit: _Rate | None = None
    front_address_header: _Header | None = None
    backup: bool | None = None
    backup_copy_to: Annotated[str, AfterValidator(_require_vault)] | None = None
    search_engine: Literal["embedded", "opensearch"] | None = None
    opensearch_instance: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+\.[a-z0-9]+\.search$")] | None = None
    opensearch_nodes: Annotated[int, Field(strict=True, ge=1, le=20), AfterValidator(_require_pairs)] | None = None
    opensearch_volume_gb: Annotated[int, Field(strict=True, ge=10, le=1024)] | None = None
    audience_engine: Literal["embedded", "athena"] | None = None
    athena_gb_per_query: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    evidence_scanner: Literal["guardduty"] | None = None
    adopted_table: Annotated[str, AfterValidator(adopted_tables.require)] | None = None

    @model_validator(mode="after")
    def _require_room_for_two_versions(self) -> Self:
        """Require that instances can be kept warm: of versions, and of two while one takes over from the other."""
        if self.provisioned_concurrency is None:
            return self
        if self.canary is None:
            raise ValueError("provisioned_concurrency is for versions, which only a stage with a canary has")
        for name in ("reserved_for_sign_in", "reserved_for_authorizer"):
            reserved = getattr(self, name)
            if reserved is not None and reserved < 2 * self.provisioned_concurrency:
                raise ValueError(f"{name} has to be twice provisioned_concurrency: two versions are warm at a time")
        return self

    @model_validator(mode="after")
    def _copies_what_there_is(self) -> Self:
        if self.backup_copy_to and not self.backup:
            raise ValueError("backup_copy_to copies backups; set backup = true as well")
        return self

    @model_validator(mode="after")
    def _sizes_what_there_is(self) -> Self:
        """Require that the sizes of a domain are those of one."""
        sizes = (self.opensearch_instance, self.opensearch_nodes, self.opensearch_volume_gb)
        if self.search_engine != "opensearch" and any(each is not None for each in sizes):
            raise ValueError('opensearch_… are the sizes of a domain; set search_engine = "opensearch" as well')
        return self

    @model_validator(mode="after")
    def _bounds_what_there_is(self) -> Self:
        if self.audience_engine != "athena" and self.athena_gb_per_query is not None:
            raise ValueError('athena_gb_per_query is for questions to Athena; set audience_engine = "athena" as well')
        return self

    def given(self) -> dict[str, Any]:
        """Return what is set, by name, as JSON can hold it."""
        return self.model_dump(mode="json", exclude_none=True)


class Written(NamedTuple):
    """A stage file as it was read: what it sets, and the settings that it names only to say that there is none."""

    settings: StageFile
    removed: frozenset[str]


def read(name: str, *, folder: Path) -> Written:
    """Return what the file of a stage says. Raises StageFileError."""
    require_name(name)
    path = folder / f"{name}.toml"
    if not path.exists():
        raise StageFileError(f"There is no {folder.name}/{path.name}. Copy {folder.name}/example.toml and change it.")
    written = _parsed(path, {})
    _require(addresses.faults(written.settings.given()), path)
    return written


def _parsed(path: Path, implied: dict[str, Any]) -> Written:
    shown = _shown(path)
    try:
        content = implied | tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StageFileError(f"{shown} is no TOML: {error}") from error
    except OSError as error:
        raise StageFileError(f"{shown} cannot be read: {error.strerror}") from error
    removed = frozenset(name for name, value in content.items() if value == NONE)
    try:
        # Also what is removed is checked for its name.
        settings = StageFile.model_validate({name: None if name in removed else it for name, it in content.items()})
    except ValidationError as error:
        lines = "\n".join(f"{shown}: {_said(each)}" for each in error.errors())
        raise StageFileError(lines) from error
    return Written(settings=settings, removed=removed)


def region_of(name: str, *, folder: Path) -> str | None:
    """Return the region that the file of a stage names, None without a file or a region. Raises StageFileError."""
    require_name(name)
    return read(name, folder=folder).settings.region if (folder / f"{name}.toml").exists() else None


def read_local(*, folder: Path) -> StageFile | None:
    """Return what `stages/local.toml` says, None when there is no such file. Raises StageFileError."""
    path = folder / f"{LOCAL}.toml"
    if not path.exists():
        return None
    # What it is called is what it is.
    settings = _parsed(path, {"kind": "development"}).settings
    for name in sorted(_ON_AWS_ONLY.keys() & settings.given().keys()):
        raise StageFileError(f"{folder.name}/{path.name}: {name} is for stages on AWS; {_ON_AWS_ONLY[name]}.")
    _require(addresses.faults_of_local(settings.given()), path)
    return settings


def require_name(name: str) -> None:
    """Require that a stage on AWS may be called so. Raises StageFileError."""
    if name == LOCAL:
        raise StageFileError("The local stage is not on AWS: see make up, make down and make reset.")
    if name == EXAMPLE:
        raise StageFileError(
            f"STAGE={name} is the example. Copy {FOLDER}/{name}.toml to {FOLDER}/<name>.toml, such as dev.toml."
        )
    if not _NAME.fullmatch(name):
        raise StageFileError(
            f"STAGE={name} is no name of a stage: up to 12 small letters and digits, a letter first, such as STAGE=dev."
        )


def _require(faults: Iterable[str], path: Path) -> None:
    """Require that the settings of a file go together. Raises StageFileError."""
    lines = [f"{_shown(path)}: {fault}" for fault in faults]
    if lines:
        raise StageFileError("\n".join(lines))


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _said(error: Any) -> str:
    setting = ".".join(str(part) for part in error["loc"])
    if not setting:
        return str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        return f"{setting} is no setting; there are {', '.join(StageFile.model_fields)}"
    if error["type"] == "missing":
        return f"{setting} is missing"
    said = error["msg"].removeprefix("Value error, ")
    # What is wrong with two of them together has no name of its own.
    return f"{setting}: {said}" if setting else said
