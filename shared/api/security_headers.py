"""What every answer over HTTP says to a browser, refusals and what broke included.

Nothing that is answered here is a page but those of the portal, which say their own: so no answer is shown in a frame,
guessed at, fetched for another site's page or kept by a cache unless the route says otherwise
(OWASP REST Security Cheat Sheet, "Security Headers").
"""

from typing import Final

EVERYWHERE: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""The headers of every answer; what a route says itself takes their place."""
