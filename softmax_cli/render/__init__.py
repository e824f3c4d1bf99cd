"""Results as a person looks at them, drawn with rich."""
