"""What is asked for a milestone: its gate and billing, shares and lines to the minor unit, and series of numbers."""
