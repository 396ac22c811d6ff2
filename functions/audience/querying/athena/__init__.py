"""Questions about the files of leads that are too large for a function: Athena reads them where they are."""
