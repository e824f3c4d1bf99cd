"""``softmax explore``: the command, and, in `commands`, the sentences that a pipe may send it.

The picture and the page are in render/live.
"""
