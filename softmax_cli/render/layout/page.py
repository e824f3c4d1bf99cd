"""The head of every HTML page: no script, no network, readable on a phone, in the dark and on paper."""

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --paper: #fdfdfb; --ink: #1c1c1c; --faint: #666; --changed: #0b57a4; --line: #d8d8d0; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --paper: #16181c; --ink: #e6e6e3; --faint: #9a9a95; --changed: #7db8ff; --line: #3a3d44; }}
}}
body {{ margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.4rem; line-height: 1.3; }}
h2 {{ font-size: 1.05rem; margin: 2rem 0 0; }}
article + article {{ border-top: 1px solid var(--line); margin-top: 3rem; }}
.rule {{ margin: 0; color: var(--faint); }}
.line {{ overflow-x: auto; padding: .5rem 0 .5rem 1rem; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem;
  align-items: center; }}
.part {{ border-left: 3px solid var(--line); margin: .5rem 0 .5rem 1rem; padding-left: 1rem; }}
.part p {{ margin: .3rem 0; }}
math {{ font-size: 1.15em; }}
msup > msub {{ font-size: .82em; }}
p math, h1 math {{ font-size: 1em; }}
msub > mtext {{ padding-left: .05em; }}
.changed {{ color: var(--changed); }}
.formula {{ font-family: serif; }}
.formula sub, .formula sup {{ line-height: 0; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .15rem .8rem .15rem 0; text-align: right; border-bottom: 1px solid var(--line); }}
th:first-child, td:first-child {{ text-align: left; }}
@media print {{
  :root {{ --paper: #fff; --ink: #000; --faint: #444; --changed: #0b57a4; --line: #bbb; }}
  body {{ max-width: none; padding: 0; font-size: 11pt; }}
  section {{ break-inside: avoid; }}
  h1, h2, .rule {{ break-after: avoid; }}
  article + article {{ break-before: page; border: 0; margin-top: 0; }}
}}
@page {{ margin: 2cm; }}
</style>
</head>
<body>
"""
TAIL = "</body>\n</html>\n"
