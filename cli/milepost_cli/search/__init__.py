"""The commands of `milepost collections`: collections, their documents, and searches in them."""
