"""Bytes to batches of logits, and results to bytes."""
