"""Many classes: what stands in for the whole sum in training, and draws from a softmax.

`objectives` names the losses, `expectations` has their exact means, `learned` what they converge to;
`filters` cuts a distribution as language models do, `draws` draws from it. To add an objective is to add a
row to `objectives.OBJECTIVES`. Nothing here reads or draws on a screen.
"""
