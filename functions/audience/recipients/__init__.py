"""Recipients: what became of the one message of a campaign to each lead."""
