"""One-time codes on their way to a person: by e-mail and by SMS."""
