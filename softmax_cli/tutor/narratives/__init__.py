"""The narratives: one module a function, yielding the steps of its derivation in order."""
