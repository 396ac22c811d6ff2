"""An Athena in this process: it takes the calls of the real one, checks them by botocore's model, and runs on DuckDB.

What it knows of AWS is what AWS documents: nobody has compared it with a real one.
Its tables are those of `infra/contexts/audience/athena.py`: partitions are manifests, whose place the statement names.
"""

import json
import re
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import botocore.session
import duckdb
import sqlglot
from botocore.validate import validate_parameters
from sqlglot import exp

from functions.audience.files import rows
from functions.audience.querying.athena import engine, manifests
from shared import config
from shared.storage import files
from tests.audience.querying.athena import trino
from tests.aws import hooks

DATABASE: Final = "milepost_test_audience"
WORKGROUP: Final = "milepost-test-audience"
_MODEL: Final = botocore.session.Session().get_service_model("athena")
_TYPES: Final = ", ".join(f"'{name}': '{its_type}'" for name, its_type in rows.TYPES.items())
_END: Final = {"SUCCEEDED", "FAILED", "CANCELLED"}


class Refused(Exception):
    """The statement is refused, as Athena says it."""


class Athena:
    """The executions of a workgroup. `looks` is how often one is looked at before it ends."""

    def __init__(self) -> None:
        self.executions: dict[str, dict[str, Any]] = {}
        self.started: list[Mapping[str, Any]] = []
        self.looks = 0
        self.read_bytes = 0
        self.most_bytes: int | None = None
        self.before_running = lambda: None

    def attach(self) -> None:
        """Answer the client of functions from now on."""
        hooks.register("before-call.athena", self._called)

    def _called(self, params: Mapping[str, Any], model: Any) -> dict[str, Any]:
        return self.call(model.name, json.loads(params["body"]))

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a call; what botocore would not send fails the test."""
        validate_parameters(request, _MODEL.operation_model(operation).input_shape)
        return {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._look_at,
            "GetQueryResults": self._results,
            "StopQueryExecution": self._stop,
        }[operation](request)

    def _start(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert request["WorkGroup"] == WORKGROUP
        assert request["QueryExecutionContext"] == {"Catalog": "AwsDataCatalog", "Database": DATABASE}
        for known in self.executions.values():
            if known["request"]["ClientRequestToken"] == request["ClientRequestToken"]:
                return {"QueryExecutionId": known["id"]}
        self.started.append(request)
        execution_id = str(uuid.uuid4())
        self.executions[execution_id] = {"id": execution_id, "request": request, "state": "QUEUED", "looks": 0}
        return {"QueryExecutionId": execution_id}

    def _look_at(self, request: Mapping[str, Any]) -> dict[str, Any]:
        execution = self.executions[request["QueryExecutionId"]]
        execution["looks"] += 1
        if execution["state"] not in _END:
            execution["state"] = "RUNNING"
            if execution["looks"] > self.looks:
                self._run(execution)
        status = {"State": execution["state"], **execution.get("reason", {})}
        place = {"OutputLocation": f"s3://{config.files_bucket()}/{_key(execution['id'])}"}
        return {
            "QueryExecution": {
                "QueryExecutionId": execution["id"],
                "Query": execution["request"]["QueryString"],
                "Status": status,
                "ResultConfiguration": place,
                "Statistics": {"DataScannedInBytes": execution.get("bytes", 0)},
            }
        }

    def _stop(self, request: Mapping[str, Any]) -> dict[str, Any]:
        execution = self.executions[request["QueryExecutionId"]]
        if execution["state"] not in _END:
            execution["state"] = "CANCELLED"
        return {}

    def _results(self, request: Mapping[str, Any]) -> dict[str, Any]:
        names, found = self.executions[request["QueryExecutionId"]]["answer"]
        texts = [list(names), *([_text(value) for value in row] for row in found)]
        data = [{"Data": [{} if each is None else {"VarCharValue": each} for each in row]} for row in texts]
        columns = [{"Name": name, "Type": "varchar"} for name in names]
        return {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": columns}}}

    def _run(self, execution: dict[str, Any]) -> None:
        request = execution["request"]
        self.before_running()
        try:
            with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
                trino.prepare(connection)
                statement = trino.bound(request["QueryString"], request.get("ExecutionParameters", []))
                execution["bytes"], sql = _placed(statement, Path(folder))
                self.read_bytes += execution["bytes"]
                if self.most_bytes is not None and execution["bytes"] > self.most_bytes:
                    reason = "Query cancelled! : Bytes scanned limit was exceeded"
                    execution |= {"state": "CANCELLED", "reason": {"StateChangeReason": reason}}
                    return
                found = connection.execute(sql)
                execution["answer"] = [each[0] for each in found.description], found.fetchall()
        except (Refused, files.FileNotFound, duckdb.Error, sqlglot.ParseError) as error:
            failed = {"ErrorCategory": 2, "ErrorType": 1, "Retryable": False}
            execution |= {"state": "FAILED", "reason": {"StateChangeReason": f"{error}", "AthenaError": failed}}
            return
        files.put_once(_key(execution["id"]), _csv(*execution["answer"]), media_type="text/csv")
        execution["state"] = "SUCCEEDED"


def _key(execution_id: str) -> str:
    return f"{engine.PURPOSE}/{execution_id}.csv"


def _placed(statement: str, folder: Path) -> tuple[int, str]:
    """Return how many bytes a statement reads, and itself with files in the place of its partitions."""
    tree = sqlglot.parse_one(statement, read=trino.TRINO)
    copied: dict[str, int] = {}
    for table in [each for each in tree.find_all(exp.Table) if each.name in {manifests.SHARDS, manifests.DELTAS}]:
        tenant, name = _partition(table)
        paths = list(_copies(f"{manifests.PURPOSE}/{tenant}/{name}/{table.name}/", folder, copied))
        rows_of = _parquet(paths) if table.name == manifests.SHARDS else _json(paths)
        partition = f"SELECT *, '{tenant}' AS tenant, '{name}' AS files FROM {rows_of}"  # noqa: S608 - a test
        table.replace(sqlglot.parse_one(partition, read="duckdb").subquery("partition"))
    return sum(copied.values()), trino.translated(tree)


def _partition(table: exp.Table) -> tuple[str, str]:
    """Return the partition that a statement names for a table; a table with injected columns takes no other."""
    where = table.find_ancestor(exp.Select).args["where"]
    named = {each.this.name: each.expression.name for each in where.find_all(exp.EQ)}
    if not {"tenant", "files"} <= named.keys():
        raise Refused(
            "CONSTRAINT_VIOLATION: For the injected projected partition column, the WHERE clause must name it"
        )
    return named["tenant"], named["files"]


def _copies(prefix: str, folder: Path, copied: dict[str, int]) -> Iterator[Path]:
    for manifest in files.listed(prefix, after="", limit=1000):
        for line in files.read(manifest.key, most_bytes=1 << 20).body.decode().splitlines():
            key = re.fullmatch(rf"s3://{config.files_bucket()}/(.+)", line)
            assert key is not None, line
            path = folder / f"{uuid.uuid4()}"
            path.write_bytes(files.read(key[1], most_bytes=1 << 30).body)
            copied[key[1]] = path.stat().st_size
            yield path


def _parquet(paths: Sequence[Path]) -> str:
    return f"read_parquet([{_listed(paths)}])" if paths else _nothing()


def _json(paths: Sequence[Path]) -> str:
    options = f"columns = {{{_TYPES}}}, format = 'newline_delimited', compression = 'gzip'"
    return f"read_json([{_listed(paths)}], {options})" if paths else _nothing()


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(f"'{each}'" for each in paths)


def _nothing() -> str:
    nothing = ", ".join(f"CAST(NULL AS {its_type}) AS {name}" for name, its_type in rows.TYPES.items())
    return f"(SELECT {nothing} WHERE false)"


def _csv(names: Sequence[str], found: Sequence[Sequence[Any]]) -> bytes:
    """Return an answer as Athena writes it: in quotation marks, but for what is not set."""
    lines = [[*names], *([_text(value) for value in row] for row in found)]
    return "".join(",".join("" if each is None else _quoted(each) for each in line) + "\n" for line in lines).encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
