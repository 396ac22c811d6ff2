"""The zips that the functions are deployed from."""

import gzip
import inspect
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from infra.bundling import bundle, bytecode, groups
from infra.bundling.groups import Group
from infra.bundling.target import Target
from infra.settings import AWS_TARGET, HOST_TARGET
from tests.infra.stages import ROOT, Stage

CACHE = ROOT / ".milepost" / "bundles"
GROUPS = groups.declared(ROOT)
CODE = "".join(path.read_text() for path in (ROOT / "infra").rglob("*.py"))
HANDLERS = sorted(set(re.findall(r"\"(functions\.[\w.]+)\.handler\"", CODE)))
INSTALLED = Path(sysconfig.get_paths()["purelib"])

of_each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
for_each_target = pytest.mark.parametrize("target", [HOST_TARGET, AWS_TARGET], ids=["host", "aws"])


@pytest.fixture(scope="module")
def archives() -> dict[str, Path]:
    """The bundles for this machine."""
    return archives_for(HOST_TARGET)


@pytest.fixture(scope="module")
def unpacked(archives: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bundles as their functions find them."""
    folder = tmp_path_factory.mktemp("task")
    for name, archive in archives.items():
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(folder / name)
    return {name: folder / name for name in archives}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without code, and a cache of its own in which the packages are prepared."""
    for name in ("pyproject.toml", "requirements"):
        (tmp_path / name).symlink_to(ROOT / name)
    packages = bundle.build_apart(root=ROOT, cache=CACHE, target=HOST_TARGET)["goals"].packages
    assert packages is not None
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / packages.parent.name).symlink_to(packages.parent)
    return tmp_path


@for_each_target
@of_each_group
def test_a_bundle_is_small(target: Target, group: Group) -> None:
    archive = archives_for(target)[group.name]

    assert archive.stat().st_size <= group.largest_mb * 1_000_000


@of_each_group
def test_aws_gets_the_wheels_of_its_own_machine_and_python(group: Group) -> None:
    binaries = [name for name in names_in(archives_for(AWS_TARGET)[group.name]) if name.endswith(".so")]
    python = f".cpython-{AWS_TARGET.python.replace('.', '')}-aarch64-"

    assert binaries != []
    assert [name for name in binaries if python not in name and not name.endswith(".abi3.so")] == []


def test_nothing_is_built_twice(archives: dict[str, Path]) -> None:
    written = {archive: archive.stat().st_mtime_ns for archive in archives.values()}

    again = archives_for(HOST_TARGET)

    assert again == archives
    assert {archive: archive.stat().st_mtime_ns for archive in again.values()} == written


@of_each_group
def test_code_and_packages_apart_are_the_bundle(archives: dict[str, Path], group: Group) -> None:
    apart = bundle.build_apart(root=ROOT, cache=CACHE, target=HOST_TARGET)[group.name]
    packages = apart.packages
    assert packages is not None
    code = names_in(apart.archive)
    installed = [str(path.relative_to(packages)) for path in packages.rglob("*") if path.is_file()]

    assert {name.partition("/")[0] for name in code} == set(bundle.CODE)
    assert sorted([*code, *installed]) == sorted(names_in(archives[group.name]))


EVERY_GROUP = {group.name for group in GROUPS}


@pytest.mark.parametrize(
    ("path", "of"),
    [
        (
            "shared/changed.py",
            EVERY_GROUP,
        ),
        (
            "functions/changed.py",
            EVERY_GROUP,
        ),
        ("functions/milestones/changed.py", {"goals"}),
        ("functions/identity/changed.py", {"identity"}),
        ("docs/openapi.json", {"portal"}),
    ],
)
def test_a_changed_file_makes_other_bundles_of_the_groups_that_hold_it(path: str, of: set[str], checkout: Path) -> None:
    before = code_of(checkout)
    (checkout / path).parent.mkdir(parents=True)
    (checkout / path).write_text("{}")
    after = code_of(checkout)
    name = path.replace("docs/", "functions/portal/")

    assert {group for group in after if after[group].name != before[group].name} == of
    assert {group for group in after if name in names_in(after[group])} == of


@of_each_group
def test_a_bundle_has_the_code_of_its_contexts_alone(unpacked: dict[str, Path], group: Group) -> None:
    contexts = {path.name for path in (unpacked[group.name] / "functions").iterdir() if path.is_dir()}

    assert contexts - {"__pycache__"} == group.contexts


@of_each_group
def test_a_bundle_has_no_more_of_botocore_than_is_called(unpacked: dict[str, Path], group: Group) -> None:
    services = {path.name for path in (unpacked[group.name] / "botocore" / "data").iterdir() if path.is_dir()}

    assert services == group.services


@of_each_group
def test_a_client_of_each_service_can_be_made_from_the_bundle(unpacked: dict[str, Path], group: Group) -> None:
    script = f"""
        from botocore import session
        for service in {sorted(group.services)!r}:
            client = session.get_session().create_client(service)
            print(client.meta.endpoint_url)
    """

    endpoints = answer_of(script, task=unpacked[group.name]).splitlines()

    assert len(endpoints) == len(group.services)
    assert [endpoint for endpoint in endpoints if not endpoint.startswith("https://")] == []


def test_a_record_can_be_put_aside_from_the_bundle(unpacked: dict[str, Path]) -> None:
    # To call S3 botocore reads more of what describes it than to make a client of it.
    script = """
        import os

        os.environ |= {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1"}

        from shared.messaging import discarded

        print(discarded.client().generate_presigned_url("put_object", Params={"Bucket": "kept", "Key": "records/1"}))
    """

    address = answer_of(script, task=unpacked["goals"])

    assert address.startswith("https://kept.s3.amazonaws.com/records/1?")


def test_only_the_portal_has_the_assets_of_the_docs_page_compressed(unpacked: dict[str, Path]) -> None:
    assets = {path.name: path for path in (unpacked["portal"] / "functions" / "portal" / "assets").iterdir()}

    assert set(assets) == {"swagger-ui-bundle.min.js.gz", "swagger-ui.min.css.gz"}
    assert b"SwaggerUIBundle" in gzip.decompress(assets["swagger-ui-bundle.min.js.gz"].read_bytes())
    assert [path for task in unpacked.values() for path in (task / "aws_lambda_powertools").rglob("*.min.*")] == []


@pytest.mark.parametrize("module", HANDLERS)
def test_a_function_needs_nothing_that_is_not_in_its_bundle(
    unpacked: dict[str, Path], local: Stage, module: str
) -> None:
    deployed = {
        Path(each["Environment"]["Variables"]["PYTHONPATH"]).name
        for each in local.of_type("AWS::Lambda::Function")
        if each["Handler"] == f"{module}.handler"
    }
    # What the local stage has no function of is of a context with one bundle.
    names = deployed or {group.name for group in GROUPS if module.split(".")[1] in group.contexts}

    assert len(names) == 1
    answers = [answer_of(f"import {module}\nprint({module}.handler.__name__)", task=unpacked[name]) for name in names]

    assert "" not in answers


@of_each_group
def test_bytecode_is_valid_whatever_the_times_of_the_files(unpacked: dict[str, Path], group: Group) -> None:
    ours = unpacked[group.name] / "shared" / "__pycache__" / f"clock.{sys.implementation.cache_tag}.pyc"
    theirs = unpacked[group.name] / "botocore" / "__init__.pyc"
    # PEP 552: flags 0b01 say that the file is valid by hash and that the hash is not checked.
    flags = [int.from_bytes(compiled.read_bytes()[4:8], "little") for compiled in (ours, theirs)]

    assert flags == [0b01, 0b01]


@of_each_group
def test_packages_are_bytecode_without_sources_and_our_code_has_both(unpacked: dict[str, Path], group: Group) -> None:
    task = unpacked[group.name]
    sources = {path.relative_to(task) for path in task.rglob("*.py")}
    expected = {path.relative_to(ROOT) for path in bundle.sources(ROOT) if path.suffix == ".py"}

    assert sources == {path for path in expected if group.holds(path)}


@of_each_group
def test_a_traceback_through_our_code_shows_the_line(unpacked: dict[str, Path], group: Group) -> None:
    trace = traceback_of("from shared.rates import Rate\nRate.parse('often')", task=unpacked[group.name])
    (line,) = re.findall(rf'File "{unpacked[group.name]}/shared/rates.py", line (\d+), in parse\n', trace)

    assert (ROOT / "shared" / "rates.py").read_text().splitlines()[int(line) - 1].strip() in trace


@of_each_group
def test_a_traceback_through_a_package_names_file_and_line(unpacked: dict[str, Path], group: Group) -> None:
    trace = traceback_of("import ulid\nulid.ULID.from_str('none')", task=unpacked[group.name])
    *_, (path, line) = re.findall(r'File "/var/task/(ulid/\w+\.py)", line (\d+), in ', trace)

    assert (INSTALLED / path).read_text().splitlines()[int(line) - 1].strip().startswith("raise ValueError")


def test_sources_stay_where_nothing_can_compile_them(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("VALUE = 1\n")

    bytecode.replace_sources(tmp_path, python="3.0")

    assert [path.name for path in tmp_path.iterdir()] == ["module.py"]


def test_a_bundle_over_its_limit_is_refused(checkout: Path) -> None:
    declared = (ROOT / "pyproject.toml").read_text()
    (checkout / "pyproject.toml").unlink()
    (checkout / "pyproject.toml").write_text(re.sub(r"largest_mb = .*", "largest_mb = 0.1", declared))

    with pytest.raises(bundle.BundleTooLarge, match=r"portal: \d+\.\d MB zipped, 0.1 allowed"):
        code_of(checkout)


def archives_for(target: Target) -> dict[str, Path]:
    built = bundle.build(root=ROOT, cache=CACHE, target=target)
    return {name: each.archive for name, each in built.items()}


def code_of(checkout: Path) -> dict[str, Path]:
    built = bundle.build_apart(root=checkout, cache=checkout / "cache", target=HOST_TARGET)
    return {name: each.archive for name, each in built.items()}


def names_in(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as zipped:
        return zipped.namelist()


def answer_of(script: str, *, task: Path) -> str:
    """Return what a function would print whose folder is `task`."""
    answer = run(script, task=task)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def traceback_of(script: str, *, task: Path) -> str:
    """Return the traceback of a function whose folder is `task`."""
    answer = run(script, task=task)
    assert answer.returncode == 1
    return answer.stderr


def run(script: str, *, task: Path) -> subprocess.CompletedProcess[str]:
    begin = f"import sys\nsys.path.insert(0, {str(task)!r})\n"
    # Isolated: the packages of this environment are out of reach, as they are on AWS.
    command = [sys.executable, "-I", "-S", "-c", begin + inspect.cleandoc(script)]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "TABLE_NAME": "table",
    "STAGE": "local",
    "TOKEN_ISSUER": "https://api.example",
    "TOKEN_AUDIENCE": "milepost-local",
    "SIGNING_KEY_ID": "key",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "Milepost",
    "LOG_LEVEL": "INFO",
}
