"""The tables of `docs/deploying.md`: what requests use, what a million of them costs, and what a stage costs idle."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import isclose

from infra import discovery
from tests.costs.prices import ASSUMED, LOG_GIGABYTE, MILLION, MONTH, ROOT
from tests.costs.requests import Counted
from tests.costs.usage import Usage
from tests.infra import watched
from tests.infra.stages import Stage

PAGE = ROOT / "docs" / "deploying.md"
BEGIN, END = "<!-- {name}, made by `make costs`: begin -->", "<!-- {name}: end -->"

_ANSWERED = ("calls", "read units", "write units", "GB s")
_BEHIND = ("events", "queue requests", "function calls", *_ANSWERED)
_HOURS = 730
_PERIODS = {"minutes": 60, "minute": 60, "hours": 1, "hour": 1, "days": 1 / 24, "day": 1 / 24}


def tables(counted: Mapping[str, Counted], stage: Stage) -> dict[str, str]:
    """Return the tables by their names."""
    return {"idle": _idle(stage), "used": _used(counted), "million": _priced(counted)}


def written(name: str, table: str, page: str) -> str:
    """Return the page with a table in its place."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", f"{begin}\n\n{table}\n\n{end}", page, flags=re.DOTALL)


def price(one: Counted) -> dict[str, float]:
    """Return the US$ of a million of a request, by what they are paid for, in the order of the page."""
    access_log = one.answered["requests"] * ASSUMED["access_log_kilobytes"]
    answered = {
        "HTTP API": one.answered["requests"] * MILLION["http_api_request"],
        "Lambda": _functions(one.answered),
        "DynamoDB": _table(one.answered),
        "KMS": one.answered["signatures"] * MILLION["signature"],
        "logs, traces": _observed(one.answered, access_log),
    }
    behind = {
        "bus, queues": one.behind["events"] * MILLION["event"]
        + one.behind["queue requests"] * MILLION["queue_request"],
        "Lambda behind it": _functions(one.behind),
        "DynamoDB behind it": _table(one.behind),
        "AppSync": one.behind["mutations"] * MILLION["mutation"]
        + one.behind["pushed messages"] * MILLION["pushed_message"],
        "logs, traces behind it": _observed(one.behind, 0),
    }
    together = {"together": sum(answered.values()) + sum(behind.values())}
    return {**answered, "**answered**": sum(answered.values()), **behind, "**behind it**": sum(behind.values())} | {
        f"**{name}**": value for name, value in together.items()
    }


def _functions(usage: Usage) -> float:
    return usage["function calls"] * MILLION["function_call"] + usage["GB s"] * MILLION["gb_second"]


def _table(usage: Usage) -> float:
    return usage["read units"] * MILLION["read_unit"] + usage["write units"] * MILLION["write_unit"]


def _observed(usage: Usage, access_log_kilobytes: float) -> float:
    """Return the price of the log, to a tenth of a KB, and of what is traced. A million KB are a GB."""
    kilobytes = access_log_kilobytes + round(usage["log bytes"] / 1000, 1)
    return kilobytes * LOG_GIGABYTE + usage["function calls"] * ASSUMED["traced_share"] * MILLION["trace"]


def thousands(counted: Mapping[str, Counted]) -> str:
    """Return the table of what a thousand of each cost, with what follows from them, by what they are paid for."""
    rows = []
    for name, one in counted.items():
        used, prices = one.answered + one.behind, price(one)
        bucket = used["file writes"] * MILLION["file_write"] + used["file reads"] * MILLION["file_read"]
        table = prices["DynamoDB"] + prices["DynamoDB behind it"]
        rest = prices["**together**"] - table
        amounts = (used["write units"], used["read units"], used["file writes"], used["file reads"])
        paid = (table, bucket, rest, table + bucket + rest)
        rows.append([f"1,000 {name}", *(_number(1000 * each) for each in amounts), *(_cents(each) for each in paid)])
    units = ("write units", "read units", "objects written", "objects read")
    return _markdown(["", *units, "DynamoDB", "S3", "everything else", "together, US$"], rows)


def _used(counted: Mapping[str, Counted]) -> str:
    head = ["one of", *_ANSWERED, *_BEHIND[:3], *(f"{name} behind it" for name in _ANSWERED)]
    rows = [
        [
            name,
            *(_number(one.answered[each]) for each in _ANSWERED),
            *(_number(one.behind[each]) for each in _BEHIND),
        ]
        for name, one in counted.items()
    ]
    return _markdown(head, rows)


def _priced(counted: Mapping[str, Counted]) -> str:
    prices = {name: price(one) for name, one in counted.items()}
    head = ["a million of", *next(iter(prices.values()))]
    return _markdown(head, [[name, *(_dollars(each) for each in row.values())] for name, row in prices.items()])


def _idle(stage: Stage) -> str:
    """Return what a stage without a request costs a month, by what is in its templates."""
    number = Counter(resource["Type"] for resource in stage.resources.values())
    keys, secrets = number["AWS::KMS::Key"], number["AWS::SecretsManager::Secret"]
    dashboards = number["AWS::CloudWatch::Dashboard"]
    alarms = [len(each.metrics) for each in watched.alarms(stage)]
    metrics = sum(len(each.values) or 1 for each in discovery.metrics())
    queues = [each for each in stage.of_type("AWS::Lambda::EventSourceMapping") if "StartingPosition" not in each]
    polls = len(queues) * ASSUMED["pollers"] * _HOURS * 3600 / 20 / 1e6
    runs = _runs(stage)
    priced = [
        (f"{keys} signing key (KMS); from the first rotation on one more", keys * MONTH["key"]),
        (
            f"{secrets} secrets at {MONTH['secret']:.2f} (Secrets Manager), one more with a front",
            secrets * MONTH["secret"],
        ),
        (
            (
                f"{len(alarms)} alarms of {sum(alarms)} metrics, at {MONTH['alarm']:.2f} a metric "
                "(10 metrics of an account are free)"
            ),
            sum(alarms) * MONTH["alarm"],
        ),
        (
            (
                f"{metrics} metrics of our own at {MONTH['metric']:.2f}, in months in which all are written "
                "([observability](observability.md#metrics))"
            ),
            metrics * MONTH["metric"],
        ),
        (f"{dashboards} dashboard (the first 3 of an account are free)", dashboards * MONTH["dashboard"]),
        (f"{len(queues)} queues that are polled, {polls:.1f} million requests", polls * MILLION["queue_request"]),
        (f"{sum(runs.values()):,.0f} runs of schedules", _price_of_runs(stage, runs)),
    ]
    rows = [[name, _dollars(value)] for name, value in priced]
    rows += [
        ["together", _dollars(sum(value for _, value in priced))],
        ["table, per GB stored, with its backups", "0.45"],
    ]
    return _markdown(["a month", "US$"], rows)


def _runs(stage: Stage) -> dict[str, float]:
    """Return how often a month each function is run by a rule with a schedule, by its logical id."""
    runs: Counter[str] = Counter()
    for rule in stage.of_type("AWS::Events::Rule"):
        if "ScheduleExpression" in rule:
            count, unit = rule["ScheduleExpression"].removeprefix("rate(").removesuffix(")").split()
            for target in rule["Targets"]:
                runs[target["Arn"]["Fn::GetAtt"][0]] += _HOURS * _PERIODS[unit] / int(count)
    return dict(runs)


def _price_of_runs(stage: Stage, runs: Mapping[str, float]) -> float:
    seconds = ASSUMED["idle_run_ms"] / 1000
    memory = {name: stage.resources[name]["Properties"]["MemorySize"] / 1024 for name in runs}
    each = {name: MILLION["function_call"] + seconds * memory[name] * MILLION["gb_second"] for name in runs}
    return sum(number / 1e6 * each[name] for name, number in runs.items())


def _markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in [names, ["---"] * len(names), *(list(row) for row in rows)])


def _dollars(amount: float) -> str:
    return "" if isclose(amount, 0, abs_tol=0.005) else f"{amount:.2f}"


def _cents(of_a_million: float) -> str:
    """Return the price of a thousand, to a hundredth of a cent."""
    return f"{of_a_million / 1000:.4f}"


def _number(amount: float) -> str:
    return f"{amount:.3f}".rstrip("0").rstrip(".") if amount else ""
