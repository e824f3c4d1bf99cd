"""What names, defaults, documentation and the user suggest: no code is run here."""
