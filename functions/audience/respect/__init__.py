"""Whom a tenant may write to, and when: suppressions, consent, quiet hours, the frequency cap, and the ways out."""
