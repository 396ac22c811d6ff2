"""What the progress of a milestone follows in other contexts: a goal, one of its thresholds, a tracked milestone."""
