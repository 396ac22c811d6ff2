"""Tracked milestones of a project: a KPI that is to reach a target, as an outside evaluator judges it."""
