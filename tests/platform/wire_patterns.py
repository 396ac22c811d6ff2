"""What the code asks of DynamoDB, with the ids taken out: the shapes of its items and of its key conditions."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.storage import attributes
from tests.aws import hooks

_ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
_PLACEHOLDERS = [
    (r"(?<=^RATE#)(default|address|credentials|registrations|account|session)$", "<limit>"),
    (r"(?<=^RATE#)[^<]+$", "<principal>"),
    (rf"milestone_\d+_goal_{_ULID}", "<milestoneId>"),
    (rf"evt_{_ULID}", "<eventId>"),
    (rf"([a-z]+)_{_ULID}", r"<\1Id>"),
    (r"(?<=USER#)nobody|(?<=MEMBER#)nobody|(?<=USER#)key_[0-9A-Za-z]{12}", "<userId>"),
    (r"(?<=TENANT#)nobody", "<tenantId>"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<instant>"),
    (r"\d{4}-\d\d-\d\d", "<day>"),
    (r"[0-9a-f]{64}", "<digest>"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<milestoneUid>"),
    (r"(?<=#PROJECT#)[^#]+", "<projectId>"),
    (r"(?<=^TENANT#<tenantId>#PMS#)[a-z_]+$|(?<=^TENANT#<tenantId>#ESC#)[a-z_]+$", "<status>"),
    (r"(?<=#LEDGER#)[A-Z]{3}", "<currency>"),
    (r"(?<=#OUTSTANDING#)[A-Z]{3}$", "<currency>"),
    (r"(?<=^MONTH#)\d{4}-\d\d#[A-Z]{3}$", "<month>#<currency>"),
    (r"(?<=^CLIENT#).+#\d{4}-\d\d$", "<client>#<month>"),
    (r"(?<=#SERIES#)(INV|CN)#\d{6}$", "<series>#<month>"),
    (r"(?<=#INVOICES#)[a-z]+$", "<status>"),
    (r"(?<=^NUMBER#)\d{6}$", "<number>"),
    (r"(?<=#PAYMENTS#)[a-z_]+$|(?<=#FINANCINGS#)[a-z]+$", "<status>"),
    (r"(?<=^GATEWAYWAITING#)\d$", "<shard>"),
    (r"(?<=^GATEWAYEVENT#)[a-z]+#evt_\d$", "<gateway>#<eventId>"),
    (r"(?<=^<instant>#)evt_\d$", "<eventId>"),
    (r"(?<=^GATEWAY#)[a-z]+(?=#)", "<gateway>"),
    (r"(?<=^ATTEMPT#)\d{4}$", "<number>"),
    (r"(?<=#LEDGER#<currency>#ENTRIES#)\d{6}$|(?<=^MONTH#)\d{6}$|(?<=^POSTING#)\d{4}-\d\d$", "<month>"),
    (r"(?<=^DELAYS#)\d{4}-\d\d$", "<month>"),
    (r"^\d{4}-\d\d#[0-7]$", "<month>#<shard>"),
    (r"(?<=#LEDGER#<currency>#)[a-z_]+(\.<prjId>)?$|(?<=^ACCOUNT#)[a-z_]+(\.<prjId>)?$", "<account>"),
    (r"(?<=#LEDGERREF#).+$|(?<=^POSTING#<instant>#).+$|(?<=^JOURNAL#<instant>#).+$", "<reference>"),
    (r"(?<=^WORK#<instant>#)[a-z]+(?=#)|(?<=^LATERWORK#)[a-z]+(?=#)", "<kind>"),
    (r"(?<=^LAYER#)\d{6}#\d\d(?=#)", "<attempt>#<level>"),
    (r"(?<=^LAYER#)\d{6}(?=#)", "<attempt>"),
    (r"(?<=^SEQUENCE#<tenantId>#)[^#]+#[^#]+$|(?<=^ELEMENTS#<tenantId>#)[^#]+#[^#]+$", "<scope>#<elementType>"),
    (r"(?<=^SEQUENCE#)(?!<tenantId>)[^#]+#[^#]+$", "<scope>#<elementType>"),
    (r"(?<=^ELEMENT#<tenantId>#)[^#]+#[^#]+#[^#]+$", "<scope>#<elementType>#<elementId>"),
    (r"(?<=^ELEMENTTYPE#)[^#]+$|(?<=^EVENT#)scene(?=#)", "<elementType>"),
    (r"(?<=^EVENT#)global/[^#/]+(?=#)", "<scope>/<elementType>"),
    (r"(?<=^EVENT#)global/[^#/]+/[^#/]+(?=#)", "<scope>/<elementType>/<elementId>"),
    (r"(?<=^VERSION#)\d{8}$|(?<=^NUMBER#)\d{12}$", "<number>"),
    (r"^\d{12}#[^#!]+", "<number>#<elementId>"),
    (r"^[0-9a-j][0-9A-Za-z]*[1-9A-Za-z]#[^#!]+", "<rank>#<elementId>"),
    (r"^\d{12}$", "<number>"),
    (r"^[a-j][0-9A-Za-z]+V$", "<rank>"),
    (r"(?<=#LEADS#)\d\d$", "<shard>"),
    (r"(?<=#LEADLOCK#)[a-z]+", "<kind>"),
    (r"(?<=#LEADIMPORT#)[0-9a-f]{32}", "<cutId>"),
    (r"(?<=#LEADIMPORT#<cutId>#)\d+$|(?<=^PART#)\d{6}$", "<number>"),
    (r"(?<=^CONSENT#<instant>#)[a-z]+#[a-z0-9_-]*#<leadId>#\d+$", "<channel>#<topic>#<leadId>#<version>"),
    (r"(?<=^CONSENT#<instant>#)[a-z]+#[a-z0-9_-]*#$", "<channel>#<topic>#"),
    (r"(?<=#SUPPRESSED#)[a-z]+(?=#)", "<channel>"),
    (r"(?<=#SUPPRESSIONS#)\d\d$", "<shard>"),
    (r"(?<=^CAMPAIGNLABEL#)[0-9A-Za-z]{11}$", "<label>"),
    (r"(?<=#CAMPAIGN#<campaignId>#)\d\d$|(?<=^COUNT#)\d\d$|(?<=^TIMERS#audience\.campaign#)\d+", "<shard>"),
    (r"(?<=#CAMPAIGN#<campaignId>#)[a-z]+#\d\d$", "<status>#<shard>"),
    (r"(?<=^CHUNK#)\d{6}$", "<number>"),
    (r"(?<=^RECEIPT#<leadId>#)[a-z_]+$|(?<=^PARKED#)[a-z_]+$", "<status>"),
    (r"(?<=^SLOTS#<prvId>#)\d+$|(?<=^SLOTS#<campaignId>#)\d+$", "<rate>"),
    (r"(?<=^CAMPAIGNLABEL#)[0-9A-Za-z]{11}$", "<label>"),
    (r"(?<=^EVENT#)[0-9A-Za-z]{33}(?=#)", "<sendId>"),
    (r"(?<=#NOTICE#)[0-9A-Za-z]{33}$", "<sendId>"),
    (r"(?<=^ENTITY#Campaign#)[a-z]+(?=#)", "<status>"),
    (r"(?<=^EVALUATOR#)[^#]+", "<evaluatorId>"),
    (r"(?<=^DUE#)\d+|(?<=^WEBHOOKDUE#)\d+|(?<=^TENANTS#)\d+|(?<=^EVIDENCEDUE#)\d+", "<shard>"),
    (r"(?<=^TIMERS#projects\.milestone#)\d+|(?<=^TIMERS#payments\.payment#)\d+", "<shard>"),
    (r"(?<=^TIMERS#payments\.financing#)\d+", "<shard>"),
    (r"(?<=^REPAYMENT#)\d{6}$", "<number>"),
    (r"(?<=^TIMERS#payments\.schedule#)\d+", "<shard>"),
    (r"(?<=^TIMERS#payments\.retention#)\d+", "<shard>"),
    (r"(?<=^TIMERS#goals\.import#)\d+|(?<=^TIMERS#goals\.goal#)\d+|(?<=^TIMERS#audience\.segment#)\d+", "<shard>"),
    (r"(?<=^SLOTS#<endpointId>#)\d+$", "<limit>"),
    (r"(?<=<eventId>#)\d{6}$|(?<=<jobId>#)\d{8}$", "<number>"),
    (r"(?<=^COLLECTION#<colId>#)\d+|(?<=^SEARCH#PENDING#)\d+", "<shard>"),
    (r"(?<=^COLLECTION#)[^#<]+|(?<=^ENTITY#SearchDocument#<colId>#<tenantId>#)[^#<]+", "<collectionName>"),
    (r"(?<=^ALIAS#)[^#<]+", "<aliasName>"),
    (
        r"(?<=^DOCUMENT#)[^#]+|(?<=^ENTITY#SearchDocument#<colId>#<tenantId>#<collectionName>#<instant>#)[^#]+",
        "<documentId>",
    ),
    (r"(?<=KEY#)[A-Za-z0-9_-]{43}", "<keyId>"),
    (r"(?<=^APIKEY#)[A-Za-z0-9]{12}", "<apiKeyId>"),
    (r"(?<=^SEARCHKEY#)[A-Za-z0-9]{12}", "<keyId>"),
    (r"(?<=^SERVICE#)[a-z0-9-]+|(?<=^PRINCIPAL#)[a-z0-9-]+", "<serviceName>"),
    (r"(?<=^GOALCATEGORY#)[^#]+|(?<=^ENTITY#GoalCategory#)[^#]+", "<category>"),
    (r"(?<=^GOALTAG#)[^#]+|(?<=^ENTITY#GoalTag#)[^#]+", "<tag>"),
    (r"(?<=#)(active|paused|completed|archived)(?=#)", "<status>"),
]


def shape(key: str) -> str:
    """Return the key with placeholders for what differs from item to item."""
    for pattern, placeholder in _PLACEHOLDERS:
        key = re.sub(pattern, placeholder, key)
    return key


@dataclass
class Seen:
    """Entities as (entity, PK, SK, GSI1PK, GSI1SK), counters as (PK, SK), reads as (call, partition, sort key)."""

    entities: set[tuple[str, ...]] = field(default_factory=set)
    counters: set[tuple[str, ...]] = field(default_factory=set)
    reads: set[tuple[str, ...]] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)

    def watch(self) -> None:
        """Note everything that the client of the table sends from now on."""
        hooks.register("before-call.dynamodb", self._note)

    def _note(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        request = json.loads(params["body"])
        self.calls.add(model.name)
        self.entities.update(_entity(item) for item in _items(request))
        self.counters.update(_counters(request))
        self.reads.update(_reads(model.name, request))


def _entity(item: dict[str, Any]) -> tuple[str, ...]:
    return item["entity"], *(shape(item[name]) if name in item else "" for name in ("PK", "SK", "GSI1PK", "GSI1SK"))


def _items(request: Any) -> Iterator[dict[str, Any]]:
    for action in request.get("TransactItems", []):
        if "Put" in action:
            yield attributes.load(action["Put"]["Item"])
    if "UpdateExpression" in request:
        yield attributes.load({**request["Key"], "entity": request["ExpressionAttributeValues"][":entity"]})
    if isinstance(request.get("RequestItems"), dict):
        for writes in request["RequestItems"].values():
            for write in writes if isinstance(writes, list) else []:
                if "PutRequest" in write:
                    yield attributes.load(write["PutRequest"]["Item"])


def _counters(request: Any) -> Iterator[tuple[str, str]]:
    for action in request.get("TransactItems", []):
        if "Update" in action:
            yield _key(action["Update"]["Key"])


def _reads(call: str, request: Any) -> Iterator[tuple[str, ...]]:
    if call == "GetItem":
        yield call, *_key(request["Key"])
    if call == "BatchGetItem":
        for asked in request["RequestItems"].values():
            yield from ((call, *_key(key)) for key in asked["Keys"])
    if call == "Query":
        values = attributes.load(request["ExpressionAttributeValues"])
        yield f"Query {request.get('IndexName', '')}".strip(), shape(values[":pk"]), shape(values[":sk"])


def _key(key: dict[str, Any]) -> tuple[str, str]:
    loaded = attributes.load(key)
    return shape(loaded["PK"]), shape(loaded["SK"])
