"""How somebody's code wants to be called: found out, and run safely.

A file is loaded (`loading`) into subjects (`subject`): a function, or the stages of an object, forward then
backward. Each parameter's name, default and documentation suggest what it takes (`roles`, `evidence`); a
`binding` says what each is given, in which layout, and what the answer is. `candidates` orders the bindings,
`search` tries them, `batches` asks with several rows, `call` is a subject under one binding, and `running`
survives what user code does. Nothing here knows a mistake: that is the catalogue's and diagnosis's.

A new way of calling is a role in `roles`, its value in `arguments`, or a layout in `binding`.
"""
