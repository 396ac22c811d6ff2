"""Who is erased, known by a digest of their address, and what is left of what names them. Pure.

A job keeps the digest alone: from it nobody reads the address that they do not know already.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from functions.projects.layers.layers import Layer
from functions.projects.probes.probes import Probe

Stored = Mapping[str, Any]


def digest(tenant_id: str, address: str) -> str:
    """Return what an address is known by while it is erased from a tenant."""
    return hashlib.sha256(f"{tenant_id} {address}".encode()).hexdigest()


def in_policy(tenant_id: str, policy: Stored | None, erased: str) -> Stored | None:
    """Return a verification policy that asks an erased person no more; the same one if it did not ask them."""
    if policy is None:
        return None
    rules = [in_rule(tenant_id, each, erased) for each in policy["layers"]]
    return policy if rules == [*policy["layers"]] else {**policy, "layers": rules}


def in_rule(tenant_id: str, rule: Stored, erased: str) -> Stored:
    """Return what a policy says of one layer, likewise."""
    kept = [each for each in rule["approvers"] if not _is_of(tenant_id, each.get("external"), erased)]
    return rule if len(kept) == len(rule["approvers"]) else {**rule, "approvers": kept}


def in_layer(layer: Layer, erased: str) -> Layer:
    """Return a layer whose copy of the policy does not name an erased person; its seats stay."""
    return layer._replace(rule=in_rule(layer.tenant_id, layer.rule, erased))


def asks(tenant_id: str, probe: Probe, erased: str) -> bool:
    """Return whether a probe asks an erased person."""
    return _is_of(tenant_id, probe.outside, erased)


def _is_of(tenant_id: str, outsider: Stored | None, erased: str) -> bool:
    return outsider is not None and digest(tenant_id, outsider["address"]) == erased
