"""What jobs tell the tests that hold for every context."""

CASES = 40
UNPREPARED = {"GET /api/v1/jobs/{job_id}/file": "JobFileNotFound"}
