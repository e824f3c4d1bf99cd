"""``softmax check``: the command and its parts.

`question` holds what is asked, `run` and `functions` get the verdict, `deliver`, `document` and `sweep`
deliver it, `derive_hint` finds the derivation to recommend. What is right or wrong is decided in checking.
"""
