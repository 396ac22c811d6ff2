"""What leads do and agree to: orders, visits, consents, and how leads are merged and counted again."""
