"""Lists of the API, page after page."""

from tests.goals.people import Person


def pages_of(person: Person, path: str, query: str) -> list[list[dict]]:
    page = person.get(path, query).body
    pages = [page["items"]]
    while page["next_cursor"]:
        page = person.get(path, f"{query}&cursor={page['next_cursor']}").body
        pages.append(page["items"])
    return pages
