"""The mistakes that people make with softmax and its derivatives, each with its mend."""
