"""What is open to everyone: the landing answer, the docs page, the API document, and whether the platform is well."""
