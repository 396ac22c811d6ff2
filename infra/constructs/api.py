"""The REST front: an HTTP API with one greedy route per context, throttled, every request in the access log."""

import json
from collections.abc import Sequence

import jsii
from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigateway import AccessLogFormat
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.constructs import encryption, names
from infra.constructs.fronts.secret import Front
from infra.constructs.function import Function
from infra.constructs.names import Target
from infra.settings import Settings

# What only reads: a HEAD is answered as the GET would be.
_READING = (apigateway.HttpMethod.GET, apigateway.HttpMethod.HEAD)
# Named as in the problem+json answers and the functions' logs, so that one search finds a request everywhere.
ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "source_ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "route": "$context.routeKey",
    "status": "$context.status",
    "response_bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "integration_latency_ms": "$context.integrationLatency",
    "integration_error": "$context.integrationErrorMessage",
}


# What a page may send, and what it may read of an answer besides what every page may (Fetch standard, section 4.10).
SENT_BY_PAGES = [
    "Authorization",
    "X-API-Key",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "traceparent",
]
READ_BY_PAGES = [
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "WWW-Authenticate",
    "X-Request-Id",
]


@jsii.implements(apigateway.IAccessLogSettings)
class _AccessLog:
    def __init__(self, log_group: logs.LogGroup) -> None:
        self._destination = apigateway.LogGroupLogDestination(log_group)

    @property
    def destination(self) -> apigateway.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> AccessLogFormat:
        return AccessLogFormat.custom(json.dumps(ACCESS_LOG))


class Api(Construct):
    """The HTTP API. It lets everything through: callers are authenticated inside the functions, refused by default."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self.api = apigateway.HttpApi(
            self,
            "Api",
            api_name=f"milepost-{settings.stage}",
            create_default_stage=False,
            # One way in: whoever knows the address that AWS gave it would go around the name.
            disable_execute_api_endpoint=bool(settings.api_domain),
            cors_preflight=_cors(settings.allowed_origins) if settings.allowed_origins else None,
        )
        log_group = encryption.log_group(self, "AccessLog", settings=settings, key=key)
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(
                rate_limit=settings.requests_per_second, burst_limit=settings.request_burst
            ),
            access_log_settings=_AccessLog(log_group),
        )
        if settings.api_domain:
            self._answer_at(settings.api_domain, stage)

    @property
    def url(self) -> str:
        """Return the address of the API, up to and without `/api/v1`."""
        return f"https://{self._settings.domain}" if self._settings.domain else self.api.api_endpoint

    def _answer_at(self, domain: str, stage: apigateway.HttpStage) -> None:
        """Have the API answer under a name. HTTP APIs speak TLS 1.2 and later there, and nothing older."""
        zone = self._settings.hosted_zone
        made = apigateway.CfnDomainName(
            self,
            "Domain",
            domain_name=domain,
            domain_name_configurations=[
                apigateway.CfnDomainName.DomainNameConfigurationProperty(
                    certificate_arn=self._certificate(domain),
                    endpoint_type="REGIONAL",
                    ip_address_type="dualstack",
                    security_policy="TLS_1_2",
                )
            ],
        )
        mapping = apigateway.CfnApiMapping(
            self, "Mapping", api_id=self.api.api_id, domain_name=made.ref, stage=stage.stage_name
        )
        mapping.node.add_dependency(stage)
        target = Target(made.attr_regional_domain_name, made.attr_regional_hosted_zone_id)
        names.lead(self, "Api", domain=domain, zone=zone, target=target)

    def _certificate(self, domain: str) -> str:
        """Return the ARN of the certificate of a name: the one that the settings name, or a new one."""
        if self._settings.certificate_arn:
            return self._settings.certificate_arn
        if self._settings.hosted_zone is None:
            raise ValueError(f"{domain} has neither a certificate nor a zone to prove it in")
        return names.certificate(self, "Certificate", domain=domain, zone=self._settings.hosted_zone)


class Routes(Construct):
    """Routes of the HTTP API that lead to the functions of one stack; `front` is what stands before the API."""

    def __init__(self, scope: Construct, id_: str, *, api_id: str, front: Front | None) -> None:
        super().__init__(scope, id_)
        self._front = front
        self._api = apigateway.HttpApi.from_http_api_attributes(self, "HttpApi", http_api_id=api_id)
        self._routes = Construct(self, "Api")

    def add(self, function: Function, *paths: str, reads: Sequence[str] = ()) -> None:
        """Send every method on these paths to a function, and only what reads on `reads`, whose others go elsewhere."""
        if self._front:
            self._front.introduce(function)
        function.bounded(
            "The stage of the HTTP API throttles all requests together, and the functions each caller "
            "(tests/infra/test_fronts.py, docs/limits.md). A cap would refuse requests while there is room; sign-in "
            "may have concurrency of its own by the setting reserved_for_sign_in."
        )
        function.caught("Callers wait for the answer: Lambda keeps what failed of asynchronous calls only.")
        integration = HttpLambdaIntegration(f"{function.node.id}Integration", function.called)
        every = [(apigateway.HttpMethod.ANY, path) for path in paths]
        reading = [(method, path) for path in reads for method in _READING]
        for method, path in [*every, *reading]:
            route = apigateway.HttpRoute(
                self._routes,
                f"{method.value}{path}",
                http_api=self._api,
                integration=integration,
                route_key=apigateway.HttpRouteKey.with_(path, method),
            )
            Validations.of(route).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-APIG4",
                    reason="HTTP APIs cannot shape their own 401 and turn a refused token into 403; every route is "
                    "refused by default inside the function (shared/api/rest.py), held by the test of public "
                    "routes.",
                )
            )


def _cors(origins: tuple[str, ...]) -> apigateway.CorsPreflightOptions:
    """Return what API Gateway tells browsers of these origins. No cookies: credentials are sent by headers only."""
    method = apigateway.CorsHttpMethod
    return apigateway.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[method.GET, method.HEAD, method.POST, method.PUT, method.PATCH, method.DELETE],
        allow_headers=SENT_BY_PAGES,
        expose_headers=READ_BY_PAGES,
        allow_credentials=False,
        max_age=Duration.hours(1),
    )
