"""That what pyproject.toml says of each group of functions is what its code needs, and what its lock pins."""

import functools
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.bundling import groups
from infra.bundling.groups import Group
from tests.infra.stages import ROOT, Stage

GROUPS = groups.declared(ROOT)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
Handlers = frozenset[tuple[str, str]]
"""The modules of all handlers, each with the name of the group that it is deployed from."""

# The API of the audience declares the questions that files answer; both fronts send them to the function of the other
# group (test_fronts.py), and this is imported with the first of them.
ANSWERED_ELSEWHERE = {"audience": {"duckdb"}}

of_each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)


@pytest.fixture(scope="module")
def handlers(local: Stage) -> Handlers:
    return frozenset(
        (Path(each["Environment"]["Variables"]["PYTHONPATH"]).name, each["Handler"].removesuffix(".handler"))
        for each in local.of_type("AWS::Lambda::Function")
    )


def test_every_context_is_in_one_group_or_has_another_for_its_heavy_functions() -> None:
    contexts = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}
    grouped = sorted(context for group in GROUPS for context in group.contexts)

    assert grouped == sorted([*contexts, "audience", "payments", "payments"])


def test_every_group_has_dependencies_of_its_own() -> None:
    assert [group.name for group in GROUPS if group.name not in PROJECT["dependency-groups"]] == []


def test_every_function_is_deployed_from_the_bundle_of_its_context(local: Stage) -> None:
    by_name = {group.name: group for group in GROUPS}
    deployed = [
        (Path(function["Environment"]["Variables"]["PYTHONPATH"]).name, function["Handler"].split(".")[1])
        for function in local.of_type("AWS::Lambda::Function")
    ]

    assert {name for name, _ in deployed} == set(by_name)
    assert [context for name, context in deployed if context not in by_name[name].contexts] == []


@of_each_group
def test_a_group_declares_what_its_code_imports(group: Group, handlers: Handlers) -> None:
    declared = {canonicalize_name(each.name) for each in direct_requirements(group)}
    owners = packages_distributions()
    outside = {name for name in imported_by(group, handlers) if name not in {"functions", "shared"}}
    needed = {
        canonicalize_name(owner) for name in outside - sys.stdlib_module_names for owner in owners.get(name, [name])
    }

    assert needed - declared == ANSWERED_ELSEWHERE.get(group.name, set())


@of_each_group
def test_a_group_declares_no_more_than_its_code_imports(group: Group, handlers: Handlers) -> None:
    owners = packages_distributions()
    needed = {canonicalize_name(owner) for name in imported_by(group, handlers) for owner in owners.get(name, [])}
    own = {canonicalize_name(Requirement(each).name) for each in declared_by(group.name)}

    # zoneinfo reads tzdata where the system has none, as on Lambda, and names are looked up in it.
    reads_zones = "zoneinfo" in imported_by(group, handlers) or "shared.time_zones" in modules_of(group, handlers)
    assert own - needed == ({"tzdata"} if reads_zones else set())


@of_each_group
def test_a_group_names_the_services_that_its_code_calls(group: Group, handlers: Handlers) -> None:
    called = {
        service
        for name in modules_of(group, handlers)
        if name.startswith(("functions.", "shared."))
        for service in re.findall(r"create_client\(\s*\"(\w+)\"", source_of(name))
    }

    assert called == group.services


@of_each_group
def test_the_lock_of_a_group_is_current(group: Group) -> None:
    locked = {canonicalize_name(pin.name): str(pin.specifier) for pin in pins(ROOT / group.lock)}
    needed = {name: f"=={version(name)}" for name in closure(direct_requirements(group))}

    assert locked == needed


def test_the_lock_of_all_groups_pins_what_theirs_pin() -> None:
    # Their markers differ: what one group needs on some systems another may need on all.
    together = {line.split(" ")[0] for group in GROUPS for line in pin_lines(ROOT / group.lock)}

    assert together == {line.split(" ")[0] for line in pin_lines(ROOT / "requirements.txt")}


def test_every_package_is_pinned_by_hash() -> None:
    for lock in ("requirements.txt", *(group.lock for group in GROUPS)):
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())

        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_a_new_version_that_a_group_asks_for_makes_its_lock_stale() -> None:
    with pytest.raises(AssertionError, match="segno"):
        closure([Requirement("segno>=99")])


def direct_requirements(group: Group) -> list[Requirement]:
    """Return what the group and the project ask for."""
    return [Requirement(each) for each in [*PROJECT["project"]["dependencies"], *declared_by(group.name)]]


def declared_by(name: str) -> list[str]:
    """Return what a dependency group asks for, with what the groups ask for that it includes."""
    found: list[str] = []
    for each in PROJECT["dependency-groups"][name]:
        found += [each] if isinstance(each, str) else declared_by(each["include-group"])
    return found


def closure(requirements: Iterable[Requirement]) -> set[str]:
    """Return what they need on this machine, of what is installed; fails when that is not what they ask for."""
    found: set[str] = set()
    open_ones = [(each, "") for each in requirements]
    while open_ones:
        requirement, extra = open_ones.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        assert requirement.specifier.contains(version(name)), f"{requirement}, and {version(name)} is pinned"
        below = [Requirement(each) for each in requires(name) or ()]
        extras = requirement.extras if name in found else {"", *requirement.extras}
        open_ones += [(each, extra) for each in below for extra in extras]
        found.add(name)
    return found


def pins(lock: Path) -> Iterator[Requirement]:
    """Yield what the lock pins for this machine."""
    for pin in map(Requirement, pin_lines(lock)):
        if pin.marker is None or pin.marker.evaluate():
            yield pin


def pin_lines(lock: Path) -> list[str]:
    return [line.removesuffix("\\").strip() for line in lock.read_text().splitlines() if "==" in line.split(" ")[0]]


@functools.cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("functions", "shared", include_external_packages=True, exclude_type_checking_imports=True)


@functools.cache
def modules_of(group: Group, handlers: Handlers) -> frozenset[str]:
    """Return the modules of the group's contexts, also those that are imported by name at run time, and below them.

    Those are left out that functions of another group import, and none of this one.
    """
    own = {name for name in graph().modules for context in group.contexts if in_context(name, context)}
    needed, others = (
        {each for name, module in handlers if (name == group.name) == is_own for each in (module, *below(module))}
        for is_own in (True, False)
    )
    own -= others - needed
    return frozenset(own.union(*(below(name) for name in own)))


def below(module: str) -> set[str]:
    return graph().find_upstream_modules(module)


def in_context(module: str, context: str) -> bool:
    return f"{module}.".startswith(f"functions.{context}.")


def imported_by(group: Group, handlers: Handlers) -> set[str]:
    """Return the top-level packages that the group's modules import."""
    return {name.partition(".")[0] for name in modules_of(group, handlers)}


def source_of(module: str) -> str:
    path = ROOT / module.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text()
