"""Which mail with an invoice was asked for, and what came of it; the mail itself goes out with the papers."""
