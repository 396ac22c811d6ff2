"""Stop all work of a stage, or let it go on: `python -m infra.commands.halt STAGE`, `… STAGE --resume`.

A stage that moves to another table must not write both meanwhile. Halted, the fronts answer 503, and what is in queues,
in the stream and with the Scheduler waits. The function that keeps the signing keys goes on: ending all sessions needs
it before anybody is let in. Either may be repeated, also for functions that a deployment has made meanwhile: a tag says
which functions are halted and what was reserved for each, and no other is touched by `--resume`.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from infra import stage_files
from infra.commands.rotate_keys import HANDLER as KEEPS_KEYS
from infra.deploying import confirmation
from infra.deploying.confirmation import NotConfirmed
from infra.stage import access
from infra.stage.access import StageNotRunning
from infra.stage_files import LOCAL

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

RESERVED: Final = "milepost-reserved"
"""The tag of a function that is halted: how many calls were reserved for it before, or NOTHING."""
NOTHING: Final = "none"


class NotHalted(Exception):
    """The stage has no functions, or AWS would not let all of them be halted; the message says which."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when there is nothing to halt."""
    parser = argparse.ArgumentParser(prog="python -m infra.commands.halt", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stage")
    parser.add_argument("--resume", action="store_true", help="let the stage work again")
    asked = parser.parse_args(arguments)
    try:
        if not asked.resume and asked.stage != LOCAL:
            confirmation.require(asked.stage, what=f"This stops all work of {asked.stage}")
        functions = access.client("lambda", asked.stage)
        count = (resume if asked.resume else halt)(functions, asked.stage)
    except (StageNotRunning, NotHalted, NotConfirmed) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except ClientError as refused:
        sys.stderr.write(f"AWS has refused: {refused}\nMend that and run this again; it goes on where it stopped.\n")
        return 1
    sys.stdout.write(f"{asked.stage}: {count} functions {'work again' if asked.resume else 'are halted'}\n")
    return 0


def halt(functions: "LambdaClient", stage: str) -> int:
    """Let no function of the stage be called, and return how many those are. Raises NotHalted.

    Queues and streams are no longer read first: a message that is received and not handled ends as a dead letter.
    """
    found = _of_stage(functions, stage)
    if stage != LOCAL:
        _require_none_kept_warm(functions, found, stage)
    for each in found:
        _remember(functions, each)
        _read_sources(functions, each, is_on=False)
    for each in found:
        functions.put_function_concurrency(FunctionName=each["FunctionName"], ReservedConcurrentExecutions=0)
    return len(found)


def resume(functions: "LambdaClient", stage: str) -> int:
    """Let the halted functions of the stage work again as they did, and return how many it was. Raises NotHalted."""
    count = 0
    for each in _of_stage(functions, stage):
        name, arn = each["FunctionName"], each["FunctionArn"]
        remembered = functions.list_tags(Resource=arn).get("Tags", {}).get(RESERVED)
        if _reserved(functions, name) == 0:
            _reserve(functions, name, remembered or NOTHING)
        elif remembered is None:
            continue
        _read_sources(functions, each, is_on=True)
        # Last, so that a run that was stopped finds it again.
        functions.untag_resource(Resource=arn, TagKeys=[RESERVED])
        count += 1
    return count


def _require_none_kept_warm(functions: "LambdaClient", found: list[Any], stage: str) -> None:
    """Require that no function has provisioned concurrency: AWS reserves no less than that. Raises NotHalted."""
    pages = functions.get_paginator("list_provisioned_concurrency_configs")
    warm = [
        each["FunctionName"]
        for each in found
        if any(page["ProvisionedConcurrencyConfigs"] for page in pages.paginate(FunctionName=each["FunctionName"]))
    ]
    if warm:
        raise NotHalted(
            f"Nothing was halted: AWS halts no function with provisioned concurrency, as {', '.join(warm)}.\n"
            f"Take provisioned_concurrency out of {stage_files.FOLDER}/{stage}.toml, make deploy STAGE={stage}, "
            "and run this again."
        )


def _remember(functions: "LambdaClient", function: Any) -> None:
    """Note what is reserved for a function, unless it is halted already."""
    reserved = _reserved(functions, function["FunctionName"])
    if reserved != 0:
        told = NOTHING if reserved is None else str(reserved)
        functions.tag_resource(Resource=function["FunctionArn"], Tags={RESERVED: told})


def _reserved(functions: "LambdaClient", name: str) -> int | None:
    return functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")


def _reserve(functions: "LambdaClient", name: str, told: str) -> None:
    if told == NOTHING:
        functions.delete_function_concurrency(FunctionName=name)
    else:
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=int(told))


def _of_stage(functions: "LambdaClient", stage: str) -> list[Any]:
    pages = functions.get_paginator("list_functions").paginate()
    named = (each for page in pages for each in page["Functions"])
    ours = [each for each in named if each["FunctionName"].startswith(f"milepost-{stage}-")]
    found = [each for each in ours if each.get("Handler") != KEEPS_KEYS]
    if not found:
        raise NotHalted(f"The stage {stage} is not deployed: it has no functions.")
    return found


def _read_sources(functions: "LambdaClient", function: Any, *, is_on: bool) -> None:
    """Have Lambda read the queues and streams of a function, or leave them. What does so already is not told again."""
    already = {"Enabled", "Enabling"} if is_on else {"Disabled", "Disabling"}
    for page in functions.get_paginator("list_event_source_mappings").paginate(FunctionName=function["FunctionName"]):
        for mapping in page["EventSourceMappings"]:
            if mapping["State"] not in already:
                functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=is_on)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
