"""What bundles are built for."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where bundles run: a Python minor version, and a platform of wheels (None: the host's own)."""

    python: str
    platform: str | None


# Amazon Linux 2023, which Python 3.12 and later run on, has glibc 2.34.
AWS_TARGET = Target(python="3.14", platform="aarch64-manylinux_2_34")
