"""``softmax derive``: the command, and the request that its options and logits make.

The tutor derives, and render draws: a new topic or narrative needs nothing here.
"""
