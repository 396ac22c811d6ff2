"""The language of conditions: short expressions over declared variables, without side effects (docs/conditions.md)."""
