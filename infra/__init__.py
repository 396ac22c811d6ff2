"""The CDK app, one construct per file, and the local stack that deploys it to a laptop."""
