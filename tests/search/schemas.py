"""Schemas that tests of the pure parts share."""

from functions.search.collections import fields

FIELDS = fields.read(
    [
        {"name": "title", "type": "string"},
        {"name": "tags", "type": "string[]", "facet": True, "optional": True},
        {"name": "pages", "type": "int64", "optional": True, "facet": True},
        {"name": "price", "type": "float", "optional": True},
        {"name": "author", "type": "string", "facet": True, "sort": True, "optional": True},
        {"name": "in_print", "type": "bool", "optional": True, "facet": True},
        {"name": "published_at", "type": "datetime", "optional": True, "facet": True},
        {"name": "notes", "type": "string", "optional": True, "index": False},
        {"name": "__proto__", "type": "string", "optional": True},
        {"name": "$where", "type": "string", "optional": True},
        {"name": "codes", "type": "string[]", "optional": True, "infix": True},
    ]
)
TITLE, TAGS, PAGES, PRICE, AUTHOR, IN_PRINT, PUBLISHED_AT, NOTES, PROTO, WHERE, CODES = range(len(FIELDS))
