"""What is looked after on a schedule: collections whose wake-up was lost, and objects that belong to no index."""
