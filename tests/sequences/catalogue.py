"""What sequences tell the tests that hold for every context."""

CASES = 300
UNPREPARED = {
    # The sequence of the tenants is ordered by number, in use, and without the elements of the examples.
    "POST /api/v1/sequences/{scope}/{element_type}/elements/{element_id}/move": "OrderedByNumber",
    "POST /api/v1/sequences/{scope}/{element_type}/import": "SequenceInUse",
    "POST /api/v1/sequences/{scope}/{element_type}/reorder": "ElementNotFound",
    "PUT /api/v1/sequences/{scope}/{element_type}/reorder": "ElementNotFound",
    "POST /api/v1/sequence/reorder": "ElementNotFound",
    "PUT /api/v1/sequence/reorder": "ElementNotFound",
    "POST /api/v1/sequence/version": "ElementNotFound",
}
