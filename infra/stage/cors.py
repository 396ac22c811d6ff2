"""Makes the origins of the template count on MiniStack, which stores what CloudFormation says of CORS, but unread.

MiniStack 1.5 keeps `CorsConfiguration` as the template writes it (`AllowOrigins`) and looks for the names of the API
(`allowOrigins`), so every preflight is refused. Told by the API, it answers as API Gateway does.
"""

from typing import Any

from infra.stage import aws, stacks


def apply(*, stack: str, api_id: str, endpoint: str) -> None:
    """Tell the API what the template of its stack says of CORS; nothing when it says nothing."""
    resources = stacks.template(stack, endpoint=endpoint)["Resources"].values()
    (api,) = (each["Properties"] for each in resources if each["Type"] == "AWS::ApiGatewayV2::Api")
    configuration: Any = api.get("CorsConfiguration")
    if configuration is None:
        return
    aws.client("apigatewayv2", endpoint=endpoint).update_api(ApiId=api_id, CorsConfiguration=configuration)
