"""What sampling shows: draws, filters of a distribution, sampled objectives. Stands on layout."""
