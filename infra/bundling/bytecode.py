"""Compiled Python that stays valid wherever the zip is unpacked."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from rich.console import Console
from uv import find_uv_bin


def add(folder: Path, *, python: str) -> None:
    """Compile everything under `folder` for a Python minor version such as "3.14", and keep the sources.

    A traceback shows the line of a source that is there.

    The host must have that version, because bytecode of another one is ignored. Where it does not, the bundle goes
    out without bytecode: everything works, but each cold start compiles its imports anew (2.4 to 2.7 times slower),
    because the folder of a function is read-only and nothing can be kept there.
    """
    _compile(folder, python=python)


def replace_sources(folder: Path, *, python: str) -> None:
    """Compile as `add` does, and remove each source that was compiled.

    A traceback still names file, line number and function, of a file in `/var/task`.
    """
    # Python takes bytecode without its source from beside where the source was, never from `__pycache__`.
    _compile(folder, "-b", python=python)
    for source in folder.rglob("*.py"):
        if source.with_suffix(".pyc").exists():
            source.unlink()


def compiler(python: str) -> str:
    """Return what would write the bytecode, precisely; empty when this host cannot."""
    interpreter = _interpreter(python)
    return _ask(interpreter, "import sys; print(sys.version)") if interpreter else ""


def _compile(folder: Path, *options: str, python: str) -> None:
    interpreter = _interpreter(python)
    if interpreter is None:
        return
    # Timestamps would not do: Lambda and MiniStack unpack the zip with times of their own.
    command = [interpreter, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", *options]
    subprocess.run([*command, "-s", str(folder), "-p", "/var/task", str(folder)], check=True, stdout=subprocess.DEVNULL)


@cache
def _interpreter(python: str) -> str | None:
    for candidate in (sys.executable, shutil.which(f"python{python}"), _managed(python)):
        if candidate and _version(candidate) == python:
            return candidate
    Console(stderr=True, highlight=False).print(
        f"no python{python} here: without bytecode, cold starts are slower (.venv/bin/uv python install {python})",
        soft_wrap=True,
    )
    return None


def _managed(python: str) -> str:
    """Return the interpreter that uv has installed, empty when it has none of that version."""
    command = [find_uv_bin(), "python", "find", "--managed-python", "--no-python-downloads", python]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _version(interpreter: str) -> str:
    return _ask(interpreter, "import sys; print('%d.%d' % sys.version_info[:2])")


@cache
def _ask(interpreter: str, script: str) -> str:
    """Return what a script prints, empty when the interpreter does not run (a pyenv shim of an absent one)."""
    answer = subprocess.run([interpreter, "-c", script], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
