"""List all goals with their progress, page by page."""

from milepost import call

page = call("GET", "/goals?limit=2")
while True:
    for goal in page["items"]:
        print(f"{goal['progress']['progress_percentage']:.2f} % {goal['title']}")
    if not page["next_cursor"]:
        break
    page = call("GET", f"/goals?limit=2&cursor={page['next_cursor']}")
