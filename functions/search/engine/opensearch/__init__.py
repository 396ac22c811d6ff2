"""OpenSearch, in a domain of the stage: an index is known by its name, and words are taken apart by us before it."""
