"""Names of a stage's own in the DNS: the certificate of one, and the records that lead to what answers there."""

from typing import NamedTuple

from aws_cdk import CfnOutput
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

# Every distribution of CloudFront is in this zone:
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
# CloudFront and API Gateway answer IPv6 too.
_RECORDS = ("A", "AAAA")


class Target(NamedTuple):
    """What a name leads to: an address of AWS, and the zone that AWS keeps it in."""

    address: str
    zone: str


def certificate(scope: Construct, id_: str, *, domain: str, zone: str) -> str:
    """Return the ARN of a new certificate; the record that proves the domain is made in the zone."""
    validation = acm.CfnCertificate.DomainValidationOptionProperty(domain_name=domain, hosted_zone_id=zone)
    made = acm.CfnCertificate(
        scope, id_, domain_name=domain, validation_method="DNS", domain_validation_options=[validation]
    )
    return made.ref


def lead(scope: Construct, id_: str, *, domain: str, zone: str | None, target: Target) -> None:
    """Have a name lead to its target. Where the zone is not ours, an output of the stack says the record to make."""
    if zone is None:
        output = CfnOutput(scope, f"{id_}Record", value=f"{domain} CNAME {target.address}")
        # As the documents call it, whatever it stands in.
        output.override_logical_id(f"{id_}Record")
        return
    alias = route53.CfnRecordSet.AliasTargetProperty(dns_name=target.address, hosted_zone_id=target.zone)
    for kind in _RECORDS:
        route53.CfnRecordSet(
            scope, f"{id_}{kind}", hosted_zone_id=zone, name=f"{domain}.", type=kind, alias_target=alias
        )
