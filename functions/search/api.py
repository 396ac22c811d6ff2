"""The Lambda handler of search: collections, their documents and other names. Queries have a function of their own.

The routes of queries are declared here as well, since they belong to the same API; what answers them is imported when
one is asked, which API Gateway sends to `query_api.py`.
"""

from functions.search import growth_routes
from functions.search.collections import alias_routes
from functions.search.collections import routes as collection_routes
from functions.search.documents import routes as document_routes
from functions.search.everything import routes as everything_routes
from functions.search.keys import routes as key_routes
from functions.search.queries import routes as query_routes
from functions.search.queries.saved import routes as saved_routes
from functions.search.resolver import api
from functions.search.transfer import routes as transfer_routes
from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(api)

__all__ = [
    "alias_routes",
    "api",
    "collection_routes",
    "document_routes",
    "everything_routes",
    "growth_routes",
    "handler",
    "key_routes",
    "query_routes",
    "saved_routes",
    "transfer_routes",
]
