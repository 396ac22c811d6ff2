"""What stands before the APIs: CloudFront, web ACLs, the log, and the secret by which a front is known."""
