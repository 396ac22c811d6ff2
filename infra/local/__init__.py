"""The stage of a laptop: MiniStack in one process, and the same CDK app deployed to it."""
