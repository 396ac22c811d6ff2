"""What callers send to search. Unknown parameters are refused."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from functions.search.collections.shapes import FieldName, Flag, Name, asked
from functions.search.filters import filters
from functions.search.queries import terms
from shared.api.whole_numbers import WHOLE

Names = Annotated[str, Field(min_length=1, max_length=1000, description="Names of fields, with commas between them.")]


class SearchParameters(BaseModel):
    """What is searched, and how."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        Field(
            max_length=terms.MAX_CHARACTERS,
            description='Words; "a phrase"; -a word that must not be there; `*` for everything.',
        ),
    ]
    query_by: Annotated[Names | None, Field(description="The fields searched; without, all that hold text.")] = None
    query_by_weights: Annotated[
        str | None, Field(max_length=1000, description="A weight for each of `query_by`, such as `4,1`.")
    ] = None
    filter_by: Annotated[
        str | None,
        Field(max_length=filters.MAX_BYTES, description="Such as `pages:>100 && tags:=[sea, whales]`."),
    ] = None
    sort_by: Annotated[
        str | None, Field(max_length=1000, description="Such as `pages:desc,_text_match:desc`; three at most.")
    ] = None
    facet_by: Annotated[
        str | None, Field(max_length=1000, description="Such as `tags,pages(short:[0,100],long:[100,])`.")
    ] = None
    max_facet_values: Annotated[Annotated[int, Field(strict=True, ge=1, le=100)], WHOLE] = 10
    group_by: Annotated[FieldName | None, Field(description="A field with one value in each document.")] = None
    group_limit: Annotated[Annotated[int, Field(strict=True, ge=1, le=99)], WHOLE] = 3
    highlight_fields: Annotated[Names | None, Field(description="Whose words are marked; without, `query_by`.")] = None
    exclude_fields: Annotated[Names | None, Field(description="What is left out of documents.")] = None
    prefix: Annotated[Flag, Field(description="Whether the last word may be the beginning of one.")] = True
    num_typos: Annotated[Annotated[int, Field(strict=True, ge=0, le=2)], WHOLE] = 2
    page: Annotated[Annotated[int, Field(strict=True, ge=1)], WHOLE] = 1
    per_page: Annotated[Annotated[int, Field(strict=True, ge=1, le=250)], WHOLE] = 10


_SEARCH = {
    "collection_name": "books",
    "parameters": {"q": "whale", "query_by": "title", "filter_by": "pages:>100", "facet_by": "tags"},
}
MAX_SEARCHES = 20


class SearchRequest(BaseModel):
    """A search in a collection."""

    model_config = asked(_SEARCH)

    collection_name: Name
    parameters: SearchParameters


class SearchRequests(BaseModel):
    """Searches, in one collection or in several."""

    model_config = asked({"searches": [_SEARCH]})

    searches: Annotated[list[SearchRequest], Field(min_length=1, max_length=MAX_SEARCHES)]
