"""The tutor: a derivation is data, a list of steps, each an equation that has been proved."""
