"""The CDK app on a MiniStack: deployed by the same command line as to AWS, and only when something has changed."""

import hashlib
import json
import os
import shlex
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra import sender, stage_files
from infra.bundling import bundle
from infra.stage import aws, cors, handover, stack_names, stacks
from infra.stage.client import call
from infra.stage.ministack import ACCOUNT, CREDENTIALS, REGION, MiniStack, without_aws
from infra.stage.steps import Report

STACKS = "milepost-local-"
# What holds the HTTP API.
SHARED = f"{STACKS}stateless"

# As many stacks as there are that do not wait for each other.
AT_ONCE = "6"

# The stamp of a stage with a stack that was deployed alone: it is deployed, and no fingerprint is equal to it.
_IN_PART = "in part"
_ANEW = "If the data are of an earlier version of Milepost, start over: make reset, then make up."


class DeploymentError(Exception):
    """A command of the CDK failed; the message holds the end of what it said."""


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where the deployed stage answers; `api_url` is up to and without `/api/v1`."""

    api_url: str
    graphql_url: str
    graphql_api_id: str
    endpoint_url: str


def deploy(*, root: Path, ministack: MiniStack, report: Report, stages: Path | None = None) -> Addresses:
    """Deploy the app under `root` and return its addresses. `stages` is where the stage file is, if not in the app.

    Raises:
        DeploymentError: the CDK refused.
    """
    stamp = ministack.state / "deployed"
    stamp.unlink(missing_ok=True)
    cdk = _Cdk(root=root, ministack=ministack, report=report, stages=stages)
    # Each of the two waits for a process of its own, and neither needs the other.
    with ThreadPoolExecutor(1) as beside:
        bootstrapped = beside.submit(cdk.bootstrap)
        cdk.synthesise()
        bootstrapped.result()
    deployed = _bring(cdk.deploy, root=root, ministack=ministack)
    stamp.write_text(fingerprint(root))
    return deployed


def deploy_one(stack: str, *, root: Path, ministack: MiniStack, report: Report) -> Addresses:
    """Deploy one stack of a stage that is deployed; what else has changed is left to the next `deploy`.

    Raises:
        DeploymentError: the stage or another of its stacks is not deployed, or the CDK refused.
    """
    stamp = ministack.state / "deployed"
    if not stamp.exists():
        raise DeploymentError("The local stage is not deployed. Run `make up` first, without ONLY.")
    # The stage is no longer what any one state of the code says, even when this fails.
    stamp.write_text(_IN_PART)
    _require_others(stack, ministack)
    cdk = _Cdk(root=root, ministack=ministack, report=report)
    cdk.synthesise()
    return _bring(partial(cdk.deploy_one, stack), root=root, ministack=ministack)


def is_current(*, root: Path, ministack: MiniStack) -> bool:
    """Return whether what is deployed is what the code under `root` says, and answers."""
    stamp = ministack.state / "deployed"
    return stamp.exists() and stamp.read_text() == fingerprint(root) and _answers(addresses(ministack))


def addresses(ministack: MiniStack) -> Addresses:
    """Return the addresses of the last deployment, on the port the MiniStack has now."""
    outputs = _outputs(ministack)
    # By path: names under `localhost` do not resolve everywhere, and the real names lead to AWS.
    return Addresses(
        api_url=f"{ministack.endpoint}/_aws/execute-api/{outputs['ApiId']}",
        graphql_url=f"{ministack.endpoint}/v1/apis/{outputs['GraphqlApiId']}/graphql",
        graphql_api_id=outputs["GraphqlApiId"],
        endpoint_url=ministack.endpoint,
    )


def fingerprint(root: Path) -> str:
    """Return a hash of everything a deployment is made of: code, infrastructure, locked packages, Python, its place."""
    digest = hashlib.sha256(f"{sys.version}\0{root}\0".encode())
    for path in _ingredients(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _require_others(stack: str, ministack: MiniStack) -> None:
    """Require that the stage has all stacks but this one: a stack may hold what has moved to one it lacks."""
    there = stacks.outputs(endpoint=ministack.endpoint)
    for name in stack_names.all_of("local"):
        if name != stack and name not in there:
            raise DeploymentError(f"The local stage has no stack {name}. Run `make up` first, without ONLY.")


def _bring(deploy: Callable[[], None], *, root: Path, ministack: MiniStack) -> Addresses:
    """Have the CDK change the stage, do what MiniStack needs before and after it, and return the addresses."""
    handover.keep_schedules(stack=SHARED, endpoint=ministack.endpoint)
    deploy()
    of_all = stacks.outputs(endpoint=ministack.endpoint)
    # That of the CDK itself is another.
    outputs = {name: of_one for name, of_one in of_all.items() if name.startswith(STACKS)}
    (ministack.state / "outputs.json").write_text(json.dumps(outputs))
    cors.apply(stack=SHARED, api_id=outputs[SHARED]["ApiId"], endpoint=ministack.endpoint)
    written = stage_files.read_local(folder=root / stage_files.FOLDER)
    address = (written and written.mail_sender) or sender.LOCAL
    _tell_of_feedback(ministack, address.rpartition("@")[2])
    return addresses(ministack)


def _tell_of_feedback(ministack: MiniStack, domain: str) -> None:
    """Have the emulator take e-mail from a domain, and tell the stage what becomes of it.

    SES knows an address with a label by the address, MiniStack by the domain.
    """
    ses, parameters = (aws.client(service, endpoint=ministack.endpoint) for service in ("ses", "ssm"))
    ses.verify_domain_identity(Domain=domain)
    name = sender.topic_parameter(stage_files.LOCAL)
    try:
        topic_arn = parameters.get_parameter(Name=name)["Parameter"]["Value"]
    except parameters.exceptions.ParameterNotFound:
        # One stack was deployed alone, and the one with the topic is of an earlier version.
        return
    for kind in sender.FEEDBACK:
        ses.set_identity_notification_topic(Identity=domain, NotificationType=kind, SnsTopic=topic_arn)


def _outputs(ministack: MiniStack) -> dict[str, str]:
    """Return the outputs of all stacks; no two have one of the same name."""
    of_stacks: dict[str, dict[str, str]] = json.loads((ministack.state / "outputs.json").read_text())
    return {name: value for outputs in of_stacks.values() for name, value in outputs.items()}


def _ingredients(root: Path) -> Iterator[Path]:
    yield from bundle.sources(root)
    for path in sorted((root / "infra").rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            yield path
    written = f"{stage_files.FOLDER}/{stage_files.LOCAL}.toml"
    for name in ("app.py", "cdk.json", "package-lock.json", "pyproject.toml", "requirements-dev.txt", written):
        if (root / name).exists():
            yield root / name
    yield from sorted([*root.glob("requirements.txt"), *root.glob("requirements/*.txt")])


def _answers(found: Addresses) -> bool:
    """Return whether the stage is there: a MiniStack that was killed has forgotten what it had not yet saved."""
    return call("GET", f"{found.api_url}/api/v1/health").status == 200


class _Cdk:
    """The command line of the CDK, for the app under a root and one MiniStack."""

    def __init__(self, *, root: Path, ministack: MiniStack, report: Report, stages: Path | None = None) -> None:
        self._root = root
        self._context = ["--context", "stage=local", *(["--context", f"stages={stages}"] if stages else [])]
        self._state = ministack.state
        self._report = report
        self._command = str(root / "node_modules" / ".bin" / "cdk")
        self._environment = without_aws(os.environ) | {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": ministack.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            # Validation takes three times as long as the synthesis; .ci/run switches it on.
            "CDK_VALIDATION": "false",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        }

    def bootstrap(self) -> None:
        """Make what the CDK needs of an account; nothing when it is there."""
        # Outside the project, where there is no app to synthesise first.
        self._run(["bootstrap", f"aws://{ACCOUNT}/{REGION}"], cwd=self._state)

    def synthesise(self) -> None:
        """Write the templates, and build what they refer to."""
        self._report("bundling and synthesising")
        # A shell reads this, and the path of a checkout may hold anything.
        app = f"{shlex.quote(sys.executable)} app.py"
        output = str(self._state / "cdk.out")
        self._run(["synth", "--quiet", "--app", app, *self._context, "--output", output], cwd=self._root)

    def deploy(self) -> None:
        """Bring the account to what the templates say."""
        self._deploy("--all", "--concurrency", AT_ONCE)

    def deploy_one(self, stack: str) -> None:
        """Bring one stack to what its template says."""
        self._deploy(stack, "--exclusively")

    def _deploy(self, *which: str) -> None:
        command = ["deploy", *which, "--app", str(self._state / "cdk.out"), "--progress", "events"]
        # A change set shows what would change; here nobody looks at it.
        self._run([*command, "--require-approval", "never", "--method", "direct"], cwd=self._root)

    def _run(self, arguments: list[str], *, cwd: Path) -> None:
        """Run a command and report its progress, one line of it at a time."""
        last_lines: deque[str] = deque(maxlen=60)
        with subprocess.Popen(
            [self._command, *arguments],
            cwd=cwd,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            for line in process.stdout or ():
                last_lines.append(line)
                if "_COMPLETE" in line:
                    self._report(line.rsplit("|", 1)[-1].strip())
        if process.returncode != 0:
            raise DeploymentError(f"cdk {arguments[0]} failed:\n{''.join(last_lines)}{_ANEW}")
