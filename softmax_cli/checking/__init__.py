"""Somebody's derivative held against the truth: comparison, the catalogue of mistakes, and what the user wrote."""
