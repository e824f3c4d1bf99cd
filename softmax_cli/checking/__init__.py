"""Somebody's derivative held against the truth: comparison, the catalogue of mistakes, the user's file."""
