"""Long work in parts, which any context may have done."""
