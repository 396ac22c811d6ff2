"""What DynamoDB refuses of a key, whatever else is asked of it. Items are measured before they are sent.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from typing import Any

_MOST_BYTES = {"PK": 2048, "SK": 1024, "GSI1PK": 2048, "GSI1SK": 1024}


def is_refused(content: dict[str, Any]) -> bool:
    """Return whether DynamoDB would refuse a key, or an item for its keys, as it is written."""
    return any(
        not 0 < len(content[name]["S"].encode(errors="surrogatepass")) <= most
        for name, most in _MOST_BYTES.items()
        if name in content
    )
