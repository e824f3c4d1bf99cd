"""What sampling shows: draws, filters of a distribution, sampled objectives and the verdict on a gradient.

One module a result, on layout alone. Nothing is computed here but what a picture needs.
"""
