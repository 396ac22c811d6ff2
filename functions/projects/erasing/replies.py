"""What callers are answered about people who are erased."""

from shared.jobs.replies import Job

__all__ = ["Job"]
