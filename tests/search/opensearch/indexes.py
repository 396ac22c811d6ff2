"""The indexes of the loopback server: their mappings, their documents by version, and what may be written."""

from collections.abc import Mapping
from typing import Any

from tests.search.opensearch.analysis import Analyzer, BadRequest, Text

TYPES = {"text", "keyword", "long", "double"}
MAPPINGS = {"dynamic", "_source", "properties"}


class Index:
    """One index, with its documents as they are searched; their source is not kept."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        mappings = body["mappings"]
        if mappings.keys() - MAPPINGS or mappings["dynamic"] != "strict" or mappings["_source"] != {"enabled": False}:
            raise BadRequest("mapper_parsing_exception", "this server knows strict mappings without a source")
        self.aliases = dict(body["aliases"])
        self.properties: dict[str, dict[str, Any]] = mappings["properties"]
        self.documents: dict[str, dict[str, Any]] = {}
        self._versions: dict[str, int] = {}
        self._settings = body["settings"]
        for name, known in self.properties.items():
            if known["type"] not in TYPES:
                raise BadRequest("mapper_parsing_exception", f"No handler for type [{known['type']}] on [{name}]")
        self.analyzers = {
            name: Analyzer(self._settings, known["analyzer"])
            for name, known in self.properties.items()
            if known["type"] == "text"
        }

    @property
    def longest_pattern(self) -> int:
        return int(self._settings["index"].get("max_regex_length", 1000))

    def put(self, id_: str, version: int, document: Mapping[str, Any]) -> dict[str, Any]:
        """Put a document, if its version is newer than what is there; return the item of the answer."""
        if version <= self._versions.get(id_, -1):
            return _item(id_, 409, "version_conflict_engine_exception")
        try:
            read = {name: self._read(name, value) for name, value in document.items()}
        except BadRequest as refused:
            return _item(id_, 400, refused.kind)
        self._versions[id_], self.documents[id_] = version, read
        return _item(id_, 201)

    def remove(self, id_: str, version: int) -> dict[str, Any]:
        """Remove a document, if the version is newer; the version stays, as long as `gc_deletes` says."""
        if version <= self._versions.get(id_, -1):
            return _item(id_, 409, "version_conflict_engine_exception")
        self._versions[id_] = version
        was_there = self.documents.pop(id_, None) is not None
        return {"_id": id_, "status": 200 if was_there else 404, "result": "deleted" if was_there else "not_found"}

    def _read(self, name: str, value: Any) -> Any:
        known = self.properties.get(name)
        if known is None:
            raise BadRequest("strict_dynamic_mapping_exception", f"introduction of [{name}] is not allowed")
        values = value if isinstance(value, list) else [value]
        if known["type"] == "text":
            return self.analyzers[name].read(values)
        if known["type"] == "keyword":
            if any(len(each.encode()) > 32766 for each in values):
                raise BadRequest("illegal_argument_exception", "Document contains at least one immense term")
            return values
        if not all(type(each) in {int, float} for each in values):
            raise BadRequest("mapper_parsing_exception", f"failed to parse field [{name}]")
        return values


def _item(id_: str, status: int, kind: str | None = None) -> dict[str, Any]:
    if kind is None:
        return {"_id": id_, "status": status, "result": "created"}
    return {"_id": id_, "status": status, "error": {"type": kind, "reason": "it does not fit"}}


__all__ = ["Index", "Text"]
