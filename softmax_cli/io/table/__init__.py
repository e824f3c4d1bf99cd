"""The one type on the way, `batch.Batch`, and what is made of it. Knows no format."""
