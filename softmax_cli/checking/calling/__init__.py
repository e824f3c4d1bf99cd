"""How a user's code wants to be called: found out, and run safely.

A subject (`code`) is a function, or the stages of an object: forward, then backward. The names, the defaults
and the source suggest what each parameter takes (`hints`). A `binding` says what each is given, in which
layout, and what the answer is; `hints` orders them, `search` tries them, `failing` says which was meant
where none is right, `batches` asks with several rows, and `call` is a subject under one binding: it can
be asked at any inputs, as often as needed. Of wrong formulas only the faults of batches stand here; the
others are in the catalogue, and `diagnosis` finds them.

A new way of calling is a role in `hints.roles` with its value in `arguments`, or a layout in `binding`.
"""
