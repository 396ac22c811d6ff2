"""What rings of an OpenSearch domain: it has lost a part of an index, takes no writes, or has little room left.

The alarms and their thresholds are those that AWS recommends:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
"""

from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch

from infra import measures
from infra.monitoring import Alarms, Runbook

_SEE: Final[Runbook] = "search-is-behind"
_MINUTE: Final = Duration.minutes(1)
_MIB_PER_GB: Final = 1024
_USED_PERCENT: Final = 75
_MEMORY_PERCENT: Final = 95


def watch(alarms: Alarms, *, domain: str, volume_gb: int) -> None:
    """Ring when a domain is not well, whose nodes have a volume of this size each."""

    def of_domain(name: str, statistic: str = "Maximum", period: Duration = _MINUTE) -> cloudwatch.Metric:
        account = Stack.of(alarms).account
        return measures.of_aws("ES", name, statistic, period=period, DomainName=domain, ClientId=account)

    says = "The OpenSearch domain is red: a part of an index is on no node."
    alarms.ring("DomainRed", of_domain("ClusterStatus.red"), says=says, see=_SEE)
    blocked = of_domain("ClusterIndexWritesBlocked", period=measures.PERIOD)
    alarms.ring("DomainWritesBlocked", blocked, says="The OpenSearch domain takes no writes.", see=_SEE)
    free = of_domain("FreeStorageSpace", "Minimum")
    used = measures.used_percent(free, whole=volume_gb * _MIB_PER_GB, period=_MINUTE)
    says = f"A node of the OpenSearch domain has used {_USED_PERCENT} % of its volume."
    alarms.ring("DomainStorage", used, threshold=_USED_PERCENT, says=says, see=_SEE)
    memory = of_domain("JVMMemoryPressure")
    says = f"A node of the OpenSearch domain has used {_MEMORY_PERCENT} % of its memory for three minutes."
    alarms.ring("DomainMemory", memory, threshold=_MEMORY_PERCENT, periods=3, says=says, see=_SEE)
