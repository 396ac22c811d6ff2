"""Makes the origins of the template count on MiniStack, which stores what CloudFormation says of CORS, but unread.

MiniStack 1.5 keeps `CorsConfiguration` as the template writes it (`AllowOrigins`) and looks for the names of the API
(`allowOrigins`), so every preflight is refused. Told by the API, it answers as API Gateway does.
"""

import json
from pathlib import Path
from typing import Any

from infra.stage import aws


def apply(*, template: Path, api_id: str, endpoint: str) -> None:
    """Tell the API what its template says of CORS; nothing when it says nothing."""
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"].values()
    (api,) = (each["Properties"] for each in resources if each["Type"] == "AWS::ApiGatewayV2::Api")
    configuration: Any = api.get("CorsConfiguration")
    if configuration is None:
        return
    aws.client("apigatewayv2", endpoint=endpoint).update_api(ApiId=api_id, CorsConfiguration=configuration)
