from tests.projects.plans.arriving import queue

__all__ = ["queue"]
