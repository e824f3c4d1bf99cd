"""Exercises made from derivations."""
