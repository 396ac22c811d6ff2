"""What is open to everyone: the docs page, the API document, and whether the platform is well."""
