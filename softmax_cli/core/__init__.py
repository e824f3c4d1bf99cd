"""The mathematics: arrays in, arrays out. Knows no file, no terminal, no class name."""
