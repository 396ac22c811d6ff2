"""CloudFront before the REST API: TLS, HTTP/3, compression, a cache for what says that it is public, the web ACL.

It sends a secret with every request, by which the functions know it, and the address of whoever called. What it caches
it asks for without credentials, so no answer of its cache can be meant for one caller alone.
"""

from pathlib import Path
from typing import Final

from aws_cdk import Acknowledgment, Aws, Duration, SecretValue, Validations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.aws_cloudfront_origins import HttpOrigin
from constructs import Construct

from infra.constructs import names
from infra.constructs.names import CLOUDFRONT_ZONE, Target
from infra.settings import VIEWER_HEADER, Settings

VIEWER_ADDRESS: Final = Path(__file__).with_name("viewer_address.js")
# What people open: a browser that comes without TLS is sent to where it is.
PAGES: Final = ("/", "/dashboard/*")
# What programs read, and nobody needs a credential for.
DOCUMENTS: Final = ("/.well-known/*", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/docs/*", "/api/v1/shared/*")
# For pages of other origins: the first decides what is answered, the others what is asked before a request.
_ORIGIN: Final = "Origin"
_PREFLIGHT: Final = ("Access-Control-Request-Method", "Access-Control-Request-Headers")
# They say how many requests are left to somebody, who is not the next one to be given the answer.
_RATES: Final = ["RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]
# CloudFront would keep these for ten seconds, whatever it was told of caching, and give them to others.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
ERRORS: Final = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
# As the functions say it (shared/api/security_headers.py).
_HSTS: Final = Duration.seconds(63_072_000)
_PRICES: Final = {
    "100": cloudfront.PriceClass.PRICE_CLASS_100,
    "200": cloudfront.PriceClass.PRICE_CLASS_200,
    "all": cloudfront.PriceClass.PRICE_CLASS_ALL,
}
_NO_BORDERS = "Who may use the platform is said by accounts; people are let in wherever they are."
_OTHER_LOGS = (
    "The log of the other kind would have the query, and with it the token of a link; infra/edge.py logs every request "
    "without."
)


class Distribution(Construct):
    """The distribution. `origin` is where it finds the API, `secret` what it proves itself with."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        origin: str,
        secret: SecretValue,
        certificate_arn: str,
        acl_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        if settings.domain is None:
            raise ValueError("the front has no name")
        api = _origin(origin, secret)
        viewer = self._viewer_address()
        cached = self._cached(api, viewer)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Milepost, stage {settings.stage}",
            domain_names=[settings.domain],
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", certificate_arn),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=_PRICES[settings.front_price_class],
            web_acl_id=acl_arn,
            default_behavior=self._never_cached(api, viewer),
            additional_behaviors=cached,
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in ERRORS
            ],
        )
        for rule, reason in {"AwsSolutions-CFR1": _NO_BORDERS, "AwsSolutions-CFR3": _OTHER_LOGS}.items():
            Validations.of(distribution).acknowledge(Acknowledgment(id=rule, reason=reason))
        target = Target(distribution.distribution_domain_name, CLOUDFRONT_ZONE)
        names.lead(self, "Front", domain=settings.domain, zone=settings.hosted_zone, target=target)
        self.id = distribution.distribution_id

    def _never_cached(
        self, origin: cloudfront.IOrigin, viewer: cloudfront.FunctionAssociation
    ) -> cloudfront.BehaviorOptions:
        """Return what is done with all requests but those of pages and documents.

        A request without TLS is refused: sent on, it would have shown its credential all the same.
        """
        return cloudfront.BehaviorOptions(
            origin=origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            # API Gateway knows the API by the host, which has to be its own.
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers("Headers", removed=[]),
            function_associations=[viewer],
            # Compressing makes a strong entity tag weak, and If-Match takes strong ones only.
            compress=False,
        )

    def _cached(
        self, origin: cloudfront.IOrigin, viewer: cloudfront.FunctionAssociation
    ) -> dict[str, cloudfront.BehaviorOptions]:
        """Return what is done with pages and documents, by path: kept as long as each says, and else not at all."""
        policy, asked = self._as_they_say(), self._without_credentials()
        headers = self._headers("HeadersOfCache", removed=_RATES)

        def behavior(protocol: cloudfront.ViewerProtocolPolicy) -> cloudfront.BehaviorOptions:
            return cloudfront.BehaviorOptions(
                origin=origin,
                # Methods that there are not are answered by the API.
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                viewer_protocol_policy=protocol,
                cache_policy=policy,
                origin_request_policy=asked,
                response_headers_policy=headers,
                function_associations=[viewer],
                compress=True,
            )

        redirected = behavior(cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
        refused = behavior(cloudfront.ViewerProtocolPolicy.HTTPS_ONLY)
        return dict.fromkeys(PAGES, redirected) | dict.fromkeys(DOCUMENTS, refused)

    def _as_they_say(self) -> cloudfront.CachePolicy:
        return cloudfront.CachePolicy(
            self,
            "AsTheySay",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.days(365),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(_ORIGIN),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            cookie_behavior=cloudfront.CacheCookieBehavior.none(),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _without_credentials(self) -> cloudfront.OriginRequestPolicy:
        return cloudfront.OriginRequestPolicy(
            self,
            "WithoutCredentials",
            header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(VIEWER_HEADER, *_PREFLIGHT),
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.none(),
        )

    def _headers(self, id_: str, *, removed: list[str]) -> cloudfront.ResponseHeadersPolicy:
        """Return what is added to answers that CloudFront or API Gateway give by themselves, and taken from others."""
        return cloudfront.ResponseHeadersPolicy(
            self,
            id_,
            remove_headers=removed or None,
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=_HSTS, include_subdomains=True, override=False
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=False),
            ),
        )

    def _viewer_address(self) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self,
            "ViewerAddress",
            code=cloudfront.FunctionCode.from_file(file_path=str(VIEWER_ADDRESS)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)


def address_of(api_id: str) -> str:
    """Return the address that AWS gave an API of this region."""
    return f"{api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"


def _origin(address: str, secret: SecretValue) -> cloudfront.IOrigin:
    return HttpOrigin(
        address,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        # As long as API Gateway itself waits.
        read_timeout=Duration.seconds(30),
        # In the template stands a reference, which CloudFormation follows when it makes the distribution.
        custom_headers={"X-Front-Secret": secret.unsafe_unwrap()},
    )
