"""Goals from elsewhere and to elsewhere: import, export and restore."""
