"""The functions of tracked milestones, and what they need to reach the evaluator."""
