"""The groups of operations of the portal in the API reference, and their place in it: the lowest comes first."""

PLACE = 90
TAGS = {
    "dashboard": "The page that shows it all to people.",
    "docs": "This reference.",
    "health": "Whether the platform is well.",
}
