"""What everyone may ask: the dashboard, the pages behind links, the docs, and whether the platform is well.

No Powertools event handler and no validation here: nothing is read of a request but its path and three headers.
"""

import base64
import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from functions.portal import files
from functions.portal.files import File
from shared import config
from shared.api import front, metrics, problems, rate_limits, security_headers, source_addresses
from shared.api.request_lines import REQUEST_ID, RequestLine
from shared.aws import endpoints
from shared.errors import InternalError, MethodNotSupported, Refusal, RouteNotFound, Unavailable
from shared.observability import UNHANDLED, logger
from shared.storage import versions

DASHBOARD = "/"
DASHBOARD_ASSETS = "/dashboard"
REVIEW = "/review"
REVIEW_SCRIPT = "/review/review.js"
REVIEW_TEXTS = "/review/texts.js"
OPENED_SCRIPT = "/review/opened.js"
OPENED_TEXTS = "/review/problems.js"
PROBE = "/probe"
PROBE_SCRIPT = "/probe/probe.js"
PROBE_TEXTS = "/probe/texts.js"
LANDING = "/api/v1"
DOCS = "/api/v1/docs"
OPENAPI = "/api/v1/openapi.json"
HEALTH = "/api/v1/health"
READY = "/api/v1/health/ready"

Event = Mapping[str, Any]
Answer = dict[str, Any]

_NOT_AT_ALL = re.compile(r"0(\.0*)?")
# No style or script stands in the page, and no text ever becomes markup. Nobody else is asked for anything but the
# bucket, for files of evidence. Frames show PDFs that the page has made of their bytes.
_DASHBOARD_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' {bucket}; "
    "frame-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types"
)
# The pages behind links show nothing but texts and links.
_LINK_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types"
)
# Swagger UI sets styles in its elements; no script runs but ours, and nothing is asked of anybody else.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Route(NamedTuple):
    """An operation, by the name that the API document gives it, and what serves it."""

    operation: str
    serve: Callable[[Event], Answer]


class NotReady(Unavailable):
    """503: the table or the signing key does not answer; `detail` names which."""


def handler(event: dict[str, Any], _context: object) -> Answer:
    """Answer an API Gateway HTTP API event (payload 2.0); a HEAD is a GET without its body."""
    request_id, sent = _request_id(event), event.get("headers") or {}
    everywhere: dict[str, str] = {**security_headers.EVERYWHERE, REQUEST_ID: request_id}
    with RequestLine("rest", request_id, sent.get("traceparent")) as line:
        try:
            front.require(sent)
            if not _is_free(event["rawPath"]):
                everywhere |= rate_limits.count_address(source_addresses.of(event))
            answer = _answer(event, line)
        except Refusal as refusal:
            answer, line.code = _refused(refusal, event), refusal.code
        except Exception as error:
            logger.exception(UNHANDLED, exc_info=error)
            broken = InternalError("Something broke on our side; it has been logged under this request id.")
            answer, line.code = _refused(broken, event), broken.code
        line.status = answer["statusCode"]
    answer["headers"] = everywhere | answer["headers"]
    if event["requestContext"]["http"]["method"] == "HEAD":
        answer |= {"body": "", "isBase64Encoded": False}
    return answer


def _is_free(path: str) -> bool:
    """Tell whether a path counts towards no rate: a page of a dozen files would use up that of a whole office."""
    folder = f"{DASHBOARD_ASSETS}/"
    return path.startswith(folder) and files.dashboard_asset(path.removeprefix(folder)) is not None


def _answer(event: Event, line: RequestLine) -> Answer:
    line.operation, serve = _route(event["rawPath"])
    method = event["requestContext"]["http"]["method"]
    if method not in {"GET", "HEAD"}:
        raise MethodNotSupported(f"{method} is not supported here; use GET, HEAD.", headers={"Allow": "GET, HEAD"})
    return serve(event)


@functools.cache
def _dashboard_policy() -> str:
    """Return the policy of the dashboard, which names the host of the bucket of files as signed addresses have it."""
    endpoint = endpoints.of("s3")
    # A bucket has a host of its own on AWS, and a path on a local stage.
    origin = endpoint.url if endpoints.named("s3") else f"https://{config.files_bucket()}.{endpoint.authority}"
    return _DASHBOARD_POLICY.format(bucket=origin)


def _route(path: str) -> Route:
    """Return the operation of this path. Raises RouteNotFound."""
    if path in _ROUTES:
        return _ROUTES[path]
    for folder, operation, asset, policy in _FOLDERS:
        found = asset(path.removeprefix(f"{folder}/")) if path.startswith(f"{folder}/") else None
        if found is not None:
            return Route(operation, functools.partial(_file, file=found, policy=policy()))
    raise RouteNotFound("There is nothing at this path; /api/v1/docs lists all there is.")


def _file(event: Event, file: File, policy: str) -> Answer:
    """Return the file in the encoding the client takes, or 304 when the client has it."""
    sent = event.get("headers") or {}
    compressed = _takes_gzip(sent.get("accept-encoding", ""))
    content = file.compressed if compressed else file.plain
    headers = {
        "Cache-Control": file.cache_control,
        "Content-Security-Policy": policy,
        "ETag": content.etag,
        "Vary": "Accept-Encoding",
    }
    if versions.is_known(sent.get("if-none-match", ""), content.etag):
        return {"statusCode": 304, "headers": headers, "body": "", "isBase64Encoded": False}
    headers["Content-Type"] = file.media_type
    if compressed:
        headers["Content-Encoding"] = "gzip"
    body = base64.b64encode(content.body).decode()
    return {"statusCode": 200, "headers": headers, "body": body, "isBase64Encoded": True}


def _link_script(event: Event, name: str) -> Answer:
    return _file(event, files.link_script(name), _LINK_POLICY)


def _takes_gzip(accepted: str) -> bool:
    """Tell whether an `Accept-Encoding` takes gzip (RFC 9110, section 12.5.3)."""
    for encoding in accepted.lower().split(","):
        name, _, weight = encoding.replace(" ", "").partition(";q=")
        if name == "gzip":
            return not _NOT_AT_ALL.fullmatch(weight)
    return False


def _health(_: Event) -> Answer:
    return _json(200, "application/json", {"status": "ok", "stage": config.stage()})


def _readiness(_: Event) -> Answer:
    # For a cold start: nothing else here needs the table and KMS.
    from functions.portal import readiness  # noqa: PLC0415

    found = readiness.check()
    wrong = [f"{name} {said}" for name, said in found.items() if said != "ok"]
    if wrong:
        raise NotReady(f"Not ready: {', '.join(wrong)}.", headers={"Retry-After": "5"})
    return _json(200, "application/json", {"status": "ready", **found})


def _refused(refusal: Refusal, event: Event) -> Answer:
    metrics.count_refused(metrics.REST_REFUSED, refusal.status)
    document = problems.problem(refusal, _request_id(event))
    answer = _json(refusal.status, problems.MEDIA_TYPE, document)
    answer["headers"] |= refusal.headers
    return answer


def _json(status: int, media_type: str, body: dict[str, Any]) -> Answer:
    headers = {"Content-Type": media_type}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body), "isBase64Encoded": False}


def _request_id(event: Event) -> str:
    return str(event["requestContext"].get("requestId", ""))


_ROUTES: dict[str, Route] = {
    DASHBOARD: Route("read_dashboard", lambda event: _file(event, files.dashboard(), _dashboard_policy())),
    REVIEW: Route("read_review_page", lambda event: _file(event, files.review(), _LINK_POLICY)),
    REVIEW_SCRIPT: Route("read_review_script", lambda event: _link_script(event, "review/review.js")),
    REVIEW_TEXTS: Route("read_review_texts", lambda event: _link_script(event, "review/texts.js")),
    OPENED_SCRIPT: Route("read_opened_script", lambda event: _link_script(event, "review/opened.js")),
    OPENED_TEXTS: Route("read_opened_texts", lambda event: _link_script(event, "review/problems.js")),
    PROBE: Route("read_probe_page", lambda event: _file(event, files.probe(), _LINK_POLICY)),
    PROBE_SCRIPT: Route("read_probe_script", lambda event: _link_script(event, "probe/probe.js")),
    PROBE_TEXTS: Route("read_probe_texts", lambda event: _link_script(event, "probe/texts.js")),
    LANDING: Route("read_landing", lambda event: _file(event, files.landing(), _DOCS_POLICY)),
    DOCS: Route("read_docs", lambda event: _file(event, files.page(), _DOCS_POLICY)),
    OPENAPI: Route("read_openapi", lambda event: _file(event, files.document(), _DOCS_POLICY)),
    HEALTH: Route("read_health", _health),
    READY: Route("read_readiness", _readiness),
}
_FOLDERS: tuple[tuple[str, str, Callable[[str], File | None], Callable[[], str]], ...] = (
    (DASHBOARD_ASSETS, "read_dashboard_asset", files.dashboard_asset, _dashboard_policy),
    (DOCS, "read_docs_asset", files.asset, lambda: _DOCS_POLICY),
)
