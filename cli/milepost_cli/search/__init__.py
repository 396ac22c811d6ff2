"""The commands `milepost search` and `milepost collections`: collections, their documents, and searches in them."""
