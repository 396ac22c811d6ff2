"""The calls of the earlier sequence service, by its own names, under the base path of the API."""
