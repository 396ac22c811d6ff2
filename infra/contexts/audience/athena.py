"""Athena of a stage whose `audience_engine` is `athena`: a workgroup, and a database with two tables over the files.

It reads the files of tenants whose leads find no room in a function. It is no part of any other stage.
A partition of a table is a manifest: a file with the names of the files that it has. Nothing crawls, since a statement
names its partition: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from constructs import Construct

from functions.audience.files import folders, rows
from functions.audience.querying.athena import engine, manifests
from infra.constructs.function import Function, allow
from infra.contexts.surroundings import Surroundings

ENGINE: Final = "Athena engine version 3"
# An answer of the API has to be there within the 29 seconds of its function, with what comes before and after it.
PATIENCE: Final = Duration.seconds(20)
PATIENCE_IN_THE_BACKGROUND: Final = Duration.seconds(90)
_BYTES_PER_GB: Final = 1024**3
_TEXT_OUTPUT: Final = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
# The format reads a partition's files as lists of the files that are meant.
_LISTED: Final = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"
_PARQUET: Final = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
_JSON: Final = "org.openx.data.jsonserde.JsonSerDe"
_HIVE: Final = (
    ("VARCHAR", "string"),
    ("BIGINT", "bigint"),
    ("INTEGER", "int"),
    ("DOUBLE", "double"),
    ("BOOLEAN", "boolean"),
)


class Athena(Construct):
    """A workgroup and a database, and what functions may do there: read the leads of a state of files."""

    def __init__(self, scope: Construct, id_: str, *, given: Surroundings) -> None:
        super().__init__(scope, id_)
        self._given = given
        stack, stage = Stack.of(self), given.settings.stage
        self.workgroup_name, self.database_name = f"milepost-{stage}-audience", f"milepost_{stage}_audience"
        self._bucket, self._bucket_arn = given.read("FilesBucketName"), given.read("FilesBucketArn")
        self._workgroup()
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=stack.account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=self.database_name, description="The files of leads, as questions about them read them."
            ),
        )
        json = {"case.insensitive": "false"}
        for name, serde, options in ((manifests.SHARDS, _PARQUET, {}), (manifests.DELTAS, _JSON, json)):
            self._table(name, serde, options).add_dependency(database)

    def let_ask(self, function: Function, *, patience: Duration) -> None:
        """Let a function ask, in no other workgroup and of no other tables, and tell it how long to wait."""
        workgroup = Stack.of(self).format_arn(service="athena", resource="workgroup", resource_name=self.workgroup_name)
        for statement in (
            allow(
                "athena:StartQueryExecution",
                "athena:GetQueryExecution",
                "athena:StopQueryExecution",
                resources=[workgroup],
            ),
            allow("glue:GetDatabase", "glue:GetTable", "glue:GetPartitions", resources=self._catalog()),
            allow("s3:GetBucketLocation", "s3:ListBucket", resources=[self._bucket_arn]),
        ):
            function.role.add_to_policy(statement)
        files = self._given.files
        files.open(function, folders.PURPOSE, "s3:GetObject")
        files.open(function, manifests.PURPOSE, "s3:GetObject", "s3:PutObject")
        # Athena writes an answer in parts, in the name of who asked.
        files.open(
            function,
            engine.PURPOSE,
            "s3:GetObject",
            "s3:PutObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
        )
        for name, value in (
            ("ATHENA_WORKGROUP", self.workgroup_name),
            ("ATHENA_DATABASE", self.database_name),
            ("ATHENA_PATIENCE_SECONDS", str(patience.to_seconds())),
        ):
            function.function.add_environment(name, value)

    def _catalog(self) -> list[str]:
        """Return the names of what Glue says of the tables, for policies."""
        tables = (f"table/{self.database_name}/{each}" for each in (manifests.SHARDS, manifests.DELTAS))
        return [
            Stack.of(self).format_arn(service="glue", resource=resource)
            for resource in ("catalog", f"database/{self.database_name}", *tables)
        ]

    def _workgroup(self) -> None:
        key, settings = self._given.key, self._given.settings
        option = "SSE_S3" if key is None else "SSE_KMS"
        athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=self.workgroup_name,
            description="Questions about the leads of tenants that have very many.",
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                # What the workgroup says holds, whatever a call asks for.
                enforce_work_group_configuration=True,
                bytes_scanned_cutoff_per_query=settings.athena_gb_per_query * _BYTES_PER_GB,
                publish_cloud_watch_metrics_enabled=True,
                requester_pays_enabled=False,
                engine_version=athena.CfnWorkGroup.EngineVersionProperty(
                    selected_engine_version="Athena engine version 3"
                ),
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=f"s3://{self._bucket}/{engine.PURPOSE}/",
                    expected_bucket_owner=Stack.of(self).account,
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option=option, kms_key=None if key is None else key.key_arn
                    ),
                ),
            ),
        )

    def _table(self, name: str, serde: str, options: Mapping[str, str]) -> glue.CfnTable:
        place = f"s3://{self._bucket}/{manifests.PURPOSE}/"
        return glue.CfnTable(
            self,
            name.capitalize(),
            catalog_id=Stack.of(self).account,
            database_name=self.database_name,
            table_input=glue.CfnTable.TableInputProperty(
                name=name,
                table_type="EXTERNAL_TABLE",
                partition_keys=_columns({"tenant": "VARCHAR", "files": "VARCHAR"}),
                parameters={
                    "EXTERNAL": "TRUE",
                    "projection.enabled": "true",
                    # A statement that does not name both is refused.
                    "projection.tenant.type": "injected",
                    "projection.files.type": "injected",
                    "storage.location.template": f"{place}${{tenant}}/${{files}}/{name}/",
                },
                storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                    columns=_columns(rows.TYPES),
                    location=place,
                    input_format=_LISTED,
                    output_format=_TEXT_OUTPUT,
                    serde_info=glue.CfnTable.SerdeInfoProperty(serialization_library=serde, parameters={**options}),
                ),
            ),
        )


def _columns(types: Mapping[str, str]) -> Sequence[glue.CfnTable.ColumnProperty]:
    return [glue.CfnTable.ColumnProperty(name=name, type=hive_type(its_type)) for name, its_type in types.items()]


def hive_type(its_type: str) -> str:
    """Return a type of DuckDB as the catalog calls it."""
    if its_type.endswith("[]"):
        return f"array<{hive_type(its_type.removesuffix('[]'))}>"
    nested = re.fullmatch(r"(MAP|STRUCT)\((.*)\)", its_type)
    if nested is None:
        return dict(_HIVE)[its_type]
    members = _parted(nested[2])
    if nested[1] == "MAP":
        return f"map<{','.join(hive_type(each) for each in members)}>"
    named = [each.partition(" ") for each in members]
    return f"struct<{','.join(f'{name}:{hive_type(of)}' for name, _, of in named)}>"


def _parted(members: str) -> list[str]:
    """Return the members of a nested type; a comma within one of them parts nothing."""
    found, depth = [""], 0
    for each in members:
        depth += {"(": 1, ")": -1}.get(each, 0)
        if each == "," and not depth:
            found.append("")
        else:
            found[-1] += each
    return [each.strip() for each in found]
