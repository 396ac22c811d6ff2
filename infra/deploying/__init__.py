"""Deploying a stage to AWS, and removing it: what is asked, checked and said before and after the CDK."""
