"""Compiled Python that stays valid wherever the zip is unpacked."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from rich.console import Console


def write(folder: Path, *, python: str) -> None:
    """Compile everything under `folder` for a Python minor version such as "3.13".

    The host must have that version, because bytecode of another one is ignored. Where it does not, the bundle goes
    out without bytecode: everything works, but each cold start compiles its imports anew (2.4 to 2.7 times slower),
    because the folder of a function is read-only and nothing can be kept there.
    """
    interpreter = _interpreter(python)
    if interpreter is None:
        return
    # Timestamps would not do: Lambda and MiniStack unpack the zip with times of their own.
    command = [interpreter, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*command, "-s", str(folder), "-p", "/var/task", str(folder)], check=True, stdout=subprocess.DEVNULL)


def compiler(python: str) -> str:
    """Return what would write the bytecode, precisely; empty when this host cannot."""
    interpreter = _interpreter(python)
    return _ask(interpreter, "import sys; print(sys.version)") if interpreter else ""


@cache
def _interpreter(python: str) -> str | None:
    for candidate in (sys.executable, shutil.which(f"python{python}")):
        if candidate and _version(candidate) == python:
            return candidate
    Console(stderr=True, highlight=False).print(f"no python{python} here: without bytecode, cold starts are slower")
    return None


def _version(interpreter: str) -> str:
    return _ask(interpreter, "import sys; print('%d.%d' % sys.version_info[:2])")


@cache
def _ask(interpreter: str, script: str) -> str:
    """Return what a script prints, empty when the interpreter does not run (a pyenv shim of an absent one)."""
    answer = subprocess.run([interpreter, "-c", script], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
