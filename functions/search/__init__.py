"""Full-text search over collections of documents that a tenant keeps."""
