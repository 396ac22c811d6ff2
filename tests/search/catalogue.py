"""What search tells the tests that hold for every context."""

CASES = 150
UNPREPARED = {
    "GET /api/v1/search": "InvalidInput",
    "POST /api/v1/collections/{collection_name}/import-jobs/{job_id}/start": "JobNotFound",
}
