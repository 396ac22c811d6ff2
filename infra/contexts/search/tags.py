"""The groups of operations of search in the API reference, and their place in it: the lowest comes first."""

PLACE = 45
TAGS = {
    "collections": "Collections of documents, and the documents in them.",
    "collection-aliases": "Other names of collections.",
    "documents": "Changes of documents.",
    "search": "What is found in a collection.",
    "multi-search": "What is found in several collections.",
    "saved-searches": "Searches that a user keeps, to make them again.",
}
