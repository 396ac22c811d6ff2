"""The groups of operations of jobs in the API reference, and their place in it: the lowest comes first."""

PLACE = 45
TAGS = {
    "jobs": "Long work: how far it is, what became of each thing, and the file that it has made.",
}
