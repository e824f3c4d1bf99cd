"""Results as a person looks at them, drawn with rich.

`layout` is what every picture is made of; `results` has a module for what each command shows, `derivation`
one for each format of a derivation, `live` what moves. A picture is a function from a result and a screen to
lines: it computes nothing, reads nothing, and fits any width from 40 columns up, with or without colour and
Unicode. To add a picture, write its module beside its like, of the parts in `layout`.
"""
