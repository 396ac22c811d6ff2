"""The groups of operations of identity in the API reference, and their place in it: the lowest comes first."""

PLACE = 30
TAGS = {
    "auth": "Register, sign in and out, and your own profile.",
    "members": "Who belongs to your tenant, and as what.",
    "out-of-office": "When you are away, and who decides in your place meanwhile.",
    "tenant": "Your tenant, and what it demands of everybody in it.",
    "keys": "API keys of the services that call in the name of your tenant.",
    "audit": "What happened in your tenant that concerns its security, or that somebody answers for.",
    "invitations": "Who is invited into your tenant, and as what.",
    "discovery": "What a verifier of access tokens needs to know.",
}
