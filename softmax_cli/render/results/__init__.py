"""What each command shows: one module a result. Stands on layout."""
