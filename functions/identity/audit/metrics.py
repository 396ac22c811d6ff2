"""What is measured of the audit log: how long after a security event its entry was written."""

from typing import Final

from shared.metrics import Metric

AUDIT_LAG: Final = Metric("AuditLag", "identity", "Milliseconds")

METRICS: Final = (AUDIT_LAG,)
