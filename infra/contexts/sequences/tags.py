"""The groups of operations of sequences in the API reference, and their place in it: the lowest comes first."""

PLACE = 35
TAGS = {
    "sequences": "Elements of a type in a scope: their numbers, their order, and their versions.",
    "sequence": "The same by the names of an earlier service.",
}
