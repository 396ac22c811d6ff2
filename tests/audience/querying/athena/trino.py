"""Trino as far as a parser and DuckDB can stand in for it: what Athena is sent is parsed as Trino, and run on DuckDB.

The parser (sqlglot) refuses what is no Trino, and translates. What DuckDB has not and sqlglot does not know is
translated here, from the tree that was parsed.
"""

import logging
from collections.abc import Sequence

import duckdb
import sqlglot
from sqlglot import exp

TRINO = "trino"
# What Trino calls so and DuckDB has not.
MACROS = (
    "CREATE MACRO infinity() AS CAST('infinity' AS DOUBLE)",
    "CREATE MACRO map_agg(k, v) AS map(list(k), list(v))",
)
# It says of every sum that DuckDB has no last step; ours is to change nothing.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what Trino calls otherwise known to DuckDB."""
    for each in MACROS:
        connection.execute(each)


def for_duckdb(sql: str, literals: Sequence[str]) -> str:
    """Return a statement as DuckDB runs it, with its parameters bound."""
    return translated(sqlglot.parse_one(bound(sql, literals), read=TRINO))


def translated(tree: exp.Expression) -> str:
    """Return the tree of a statement as DuckDB runs it."""
    return tree.transform(_translated).sql(dialect="duckdb")


def bound(sql: str, literals: Sequence[str]) -> str:
    """Return a statement with an expression for each question mark, as Athena binds them; each is one value."""
    parts = sql.split("?")
    assert len(parts) == len(literals) + 1, (sql, literals)
    for each in literals:
        assert isinstance(sqlglot.parse_one(each, read=TRINO), exp.Literal | exp.Boolean | exp.Neg), each
    return parts[0] + "".join(f"{literal}{part}" for literal, part in zip(literals, parts[1:], strict=True))


def _translated(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Anonymous) and node.name.upper() == "ZIP_WITH":
        return _zipped(*node.expressions)
    if isinstance(node, exp.Unnest) and len(node.args["alias"].columns) > 1:
        return _entries(node)
    return node


def _zipped(first: exp.Expression, second: exp.Expression, function: exp.Lambda) -> exp.Expression:
    """Return a list of what a function makes of the pairs of two lists."""
    places = {each.name: number for number, each in enumerate(function.expressions, 1)}

    def of_pair(node: exp.Expression) -> exp.Expression:
        is_named = isinstance(node, exp.Column | exp.Identifier) and node.name in places
        return sqlglot.parse_one(f"pair[{places[node.name]}]", read="duckdb") if is_named else node

    body = function.this.transform(of_pair).sql(dialect="duckdb")
    pairs = f"list_zip({first.sql(dialect='duckdb')}, {second.sql(dialect='duckdb')})"
    return sqlglot.parse_one(f"list_transform({pairs}, lambda pair: {body})", read="duckdb")


def _entries(node: exp.Unnest) -> exp.Expression:
    """Return the keys and values of a map as rows."""
    key, value = (each.name for each in node.args["alias"].columns)
    entries = node.expressions[0].sql(dialect="duckdb")
    rows = f"SELECT unnest(map_keys({entries})) AS {key}, unnest(map_values({entries})) AS {value}"
    return sqlglot.parse_one(rows, read="duckdb").subquery(node.args["alias"].name)
