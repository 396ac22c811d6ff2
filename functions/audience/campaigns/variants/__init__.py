"""Variants: several messages of one campaign, who gets which of them, and which has won."""
