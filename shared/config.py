"""What the stage tells a function, by environment variables that the CDK app sets."""

import os


def table_name() -> str:
    """Return the name of the one table."""
    return os.environ["TABLE_NAME"]


def table_timeout_seconds() -> float:
    """Return how long a call to the table may take before it is tried again."""
    return float(os.environ.get("TABLE_TIMEOUT_SECONDS", "3"))


def stage() -> str:
    """Return the stage: `local`, `dev` or `prod`."""
    return os.environ["STAGE"]


def token_issuer() -> str:
    """Return the `iss` of every access token of this stage."""
    return os.environ["TOKEN_ISSUER"]


def page_url() -> str | None:
    """Return the address of the dashboard without a last slash, None where nobody knows it (identity api only)."""
    return os.environ.get("PAGE_URL") or None


def token_audience() -> str:
    """Return the `aud` of every access token of this stage."""
    return os.environ["TOKEN_AUDIENCE"]


def rate_limit() -> str:
    """Return the rate of a principal, requests a second and burst: `20/50`."""
    return os.environ["RATE_LIMIT"]


def address_rate_limit() -> str:
    """Return the rate of a source address where nobody is known: `200/1000`."""
    return os.environ["ADDRESS_RATE_LIMIT"]


def credential_rate_limit() -> str:
    """Return the rate of the wrong credentials that come from a source address: `2/400`."""
    return os.environ["CREDENTIAL_RATE_LIMIT"]


def registration_rate_limit() -> str:
    """Return the rate of the registrations that come from a source address: `1/50`."""
    return os.environ["REGISTRATION_RATE_LIMIT"]


def account_rate_limit() -> str:
    """Return the rate of the sign-ins with one e-mail address, and of the refreshes of one session: `1/20`."""
    return os.environ.get("ACCOUNT_RATE_LIMIT", "1/20")


def invited_rate_limit() -> str:
    """Return the rate of registrations with an invitation, of one tenant and from one source address: `1/100`."""
    return os.environ.get("INVITED_RATE_LIMIT", "1/100")


def front_address_header() -> str | None:
    """Return the header in which the front names the source address, None without a front (what serves REST only)."""
    return os.environ.get("FRONT_ADDRESS_HEADER") or None


def front_is_the_only_way_in() -> bool:
    """Tell whether what has not come through the front is refused (what serves REST only)."""
    return os.environ.get("FRONT_IS_THE_ONLY_WAY_IN") == "true"


def front_secret_id() -> str:
    """Return the ARN of the secret that the front proves itself with (what serves REST only)."""
    return os.environ["FRONT_SECRET_ID"]


def signing_key_id() -> str:
    """Return the id or ARN of the KMS key that signs access tokens (identity and portal only)."""
    return os.environ["SIGNING_KEY_ID"]


def pepper_secret_id() -> str:
    """Return the ARN of the secret that digests of API keys are peppered with."""
    return os.environ["PEPPER_SECRET_ID"]


def secret_id(of: str) -> str:
    """Return the ARN of a secret that seals: `OTP` what second factors store, `WEBHOOK` secrets, `PROBE` of probes."""
    return os.environ[f"{of}_SECRET_ID"]


def mail_sender() -> str | None:
    """Return the address that e-mail is sent from, None where none is sent (identity api only)."""
    return os.environ["MAIL_SENDER"] or None


def sms_countries() -> tuple[str, ...]:
    """Return what the telephone numbers begin with that SMS is sent to; none, and there is none (identity api only)."""
    return tuple(prefix for prefix in os.environ["SMS_COUNTRIES"].split(",") if prefix)


def sms_sender_id() -> str | None:
    """Return the name that SMS is sent in, None where the network says it (identity api only)."""
    return os.environ["SMS_SENDER_ID"] or None


def api_url() -> str:
    """Return the address of the API, without a slash at its end (what sends messages of campaigns only)."""
    return os.environ["API_URL"]


def receipts_queue_url() -> str:
    """Return the queue of receipts and inbound messages (who takes them only)."""
    return os.environ["RECEIPTS_QUEUE_URL"]


def queue_url(of: str) -> str:
    """Return a queue: `PAYMENTS` due, `PAPERS` to be made, `PROJECT_JOBS`, `INVOICE_FOLLOWERS`, `PROBE_CALLS`."""
    return os.environ[f"{of}_QUEUE_URL"]


def evaluator_secret_id() -> str:
    """Return the ARN of the secret that says where the evaluator is and how it is known (milestones only)."""
    return os.environ["EVALUATOR_SECRET_ID"]


def allows_unsigned_webhooks() -> bool:
    """Tell whether webhooks of the evaluator may come with a plain key instead of a signature (milestones only)."""
    return os.environ["ALLOW_UNSIGNED_WEBHOOKS"] == "true"


def event_bus_name() -> str:
    """Return the name of the event bus (outbox only)."""
    return os.environ["EVENT_BUS_NAME"]


def audit_queue_url() -> str:
    """Return the queue of events for the audit log (outbox only)."""
    return os.environ["AUDIT_QUEUE_URL"]


def graphql_url() -> str:
    """Return the address of the GraphQL API (who publishes to subscribers only)."""
    return os.environ["GRAPHQL_URL"]


def schedule_group() -> str:
    """Return the name of the group that the schedules of this stage are in (who sets schedules only)."""
    return os.environ["SCHEDULE_GROUP"]


def schedule_role_arn() -> str:
    """Return the ARN of the role in which a schedule sends its message (who sets schedules only)."""
    return os.environ["SCHEDULE_ROLE_ARN"]


def schedule_queue_arn() -> str:
    """Return the ARN of the queue that this function's schedules send their messages to (who sets schedules only)."""
    return os.environ["SCHEDULE_QUEUE_ARN"]


def schedule_dead_letters_arn() -> str:
    """Return the ARN of the queue for the messages that schedules could not send (who sets schedules only)."""
    return os.environ["SCHEDULE_DEAD_LETTERS_ARN"]


def schedule_queue_url() -> str:
    """Return the address of the queue of `schedule_queue_arn` (who sets schedules only)."""
    return os.environ["SCHEDULE_QUEUE_URL"]


def oidc_secret_id() -> str | None:
    """Return the ARN of the secret with the client for OpenID Connect, None where there is none (identity api only)."""
    return os.environ.get("OIDC_SECRET_ID") or None


def oidc_issuer() -> str:
    """Return the issuer whose id tokens sign people in (identity api only)."""
    return os.environ["OIDC_ISSUER"]


def allow_loopback_webhooks() -> bool:
    """Tell whether webhooks and calls of probes may go to this machine."""
    return os.environ["ALLOW_LOOPBACK_WEBHOOKS"] == "true"


def deliveries_queue_url() -> str:
    """Return the queue of deliveries to endpoints that answer as they should (webhooks only)."""
    return os.environ["DELIVERIES_QUEUE_URL"]


def retries_queue_url() -> str:
    """Return the queue of deliveries to endpoints that fail or are slow, and of retries (webhooks only)."""
    return os.environ["RETRIES_QUEUE_URL"]


def removals_queue_url() -> str:
    """Return the queue of goals that are to be removed (removals of goals only)."""
    return os.environ["REMOVALS_QUEUE_URL"]


def discarded_bucket() -> str:
    """Return the name of the bucket of discarded stream records (consumers of the stream only)."""
    return os.environ["DISCARDED_BUCKET"]


def discarded_batches_bucket() -> str:
    """Return the name of the bucket of discarded stream records (what looks there for batches of leads only)."""
    return os.environ["DISCARDED_BATCHES_BUCKET"]


def files_bucket() -> str:
    """Return the name of the bucket of files (what reads, writes or signs files, and the portal)."""
    return os.environ["FILES_BUCKET"]


def goal_jobs_queue_url() -> str:
    """Return the queue of the parts of long work on goals (that work only)."""
    return os.environ["GOAL_JOBS_QUEUE_URL"]


def evidence_scanner() -> str:
    """Return what looks for malware in evidence: `guardduty`, or `none` (what looks at evidence only)."""
    return os.environ.get("EVIDENCE_SCANNER", "none")


def sequence_jobs_queue_url() -> str:
    """Return the queue of the parts of long work on sequences (that work only)."""
    return os.environ["SEQUENCE_JOBS_QUEUE_URL"]


def search_jobs_queue_url() -> str:
    """Return the queue of the parts of imports and exports of collections (that work only)."""
    return os.environ["SEARCH_JOBS_QUEUE_URL"]


def opensearch_url() -> str | None:
    """Return the address of the OpenSearch domain of the stage, None without one (search only)."""
    return os.environ.get("OPENSEARCH_ENDPOINT") or None


def lead_imports_queue_url() -> str:
    """Return the queue of imports and exports of leads, and of the parts of imports (that work only)."""
    return os.environ["LEAD_IMPORTS_QUEUE_URL"]


def audience_files_queue_url() -> str:
    """Return where the compactor of leads' files gets what it is asked for."""
    return os.environ["AUDIENCE_FILES_QUEUE_URL"]


def audience_queries_queue_url() -> str:
    """Return the queue of segments that are looked at, and of their exports (background work of queries only)."""
    return os.environ["AUDIENCE_QUERIES_QUEUE_URL"]


def lead_follow_ups_queue_url() -> str:
    """Return the queue of leads that were merged or erased (what follows from that only)."""
    return os.environ["LEAD_FOLLOW_UPS_QUEUE_URL"]


def campaigns_queue_url() -> str:
    """Return the address of the queue of campaigns that are to be prepared, resumed or started."""
    return os.environ["CAMPAIGNS_QUEUE_URL"]


def campaign_chunks_queue_url() -> str:
    """Return the address of the queue of chunks of campaigns."""
    return os.environ["CAMPAIGN_CHUNKS_QUEUE_URL"]


def indexing_queue_url() -> str:
    """Return the queue of collections whose index is behind (consumers and indexer of search only)."""
    return os.environ["INDEXING_QUEUE_URL"]


def search_feed_queue_url() -> str:
    """Return the queue of what contexts say to the search of Milepost (what feeds it only)."""
    return os.environ["SEARCH_FEED_QUEUE_URL"]


def audience_feed_queue_url() -> str:
    """Return the queue of leads and campaigns that search is to be told of (the feed of the audience only)."""
    return os.environ["AUDIENCE_FEED_QUEUE_URL"]


def goal_feed_queue_url() -> str:
    """Return the queue of goals that search is to be told of (the feed of goals only)."""
    return os.environ["GOAL_FEED_QUEUE_URL"]
