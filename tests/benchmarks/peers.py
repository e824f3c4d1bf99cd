"""What the peers run: softmax of every row of a file with named columns, as their users would write it."""

POLARS = """
import sys, polars as pl
frame = pl.read_csv(sys.argv[1])
columns = frame.columns
frame = frame.with_columns((pl.col(c) - pl.max_horizontal(columns)).exp() for c in columns)
frame.select(pl.col(c) / pl.sum_horizontal(columns) for c in columns).write_csv(sys.argv[2])
"""

POLARS_STREAMING = """
import sys, polars as pl
frame = pl.scan_csv(sys.argv[1])
columns = frame.collect_schema().names()
frame = frame.with_columns((pl.col(c) - pl.max_horizontal(columns)).exp() for c in columns)
frame.select(pl.col(c) / pl.sum_horizontal(columns) for c in columns).sink_csv(sys.argv[2])
"""

POLARS_PARQUET = """
import sys, polars as pl
frame = pl.scan_parquet(sys.argv[1])
columns = frame.collect_schema().names()
frame = frame.with_columns((pl.col(c) - pl.max_horizontal(columns)).exp() for c in columns)
frame.select(pl.col(c) / pl.sum_horizontal(columns) for c in columns).sink_parquet(sys.argv[2])
"""

POLARS_LINES = """
import sys, polars as pl
frame = pl.read_ndjson(sys.argv[1])
columns = frame.columns
frame = frame.with_columns((pl.col(c) - pl.max_horizontal(columns)).exp() for c in columns)
frame.select(pl.col(c) / pl.sum_horizontal(columns) for c in columns).write_ndjson(sys.argv[2])
"""

POLARS_LINES_STREAMING = """
import sys, polars as pl
frame = pl.scan_ndjson(sys.argv[1])
columns = frame.collect_schema().names()
frame = frame.with_columns((pl.col(c) - pl.max_horizontal(columns)).exp() for c in columns)
frame.select(pl.col(c) / pl.sum_horizontal(columns) for c in columns).sink_ndjson(sys.argv[2])
"""

POLARS_JACOBIANS = """
import sys, numpy as np, polars as pl
n = sum(1 for _ in open(sys.argv[1])) - 1
values = np.random.default_rng(0).uniform(-0.25, 0.25, (3, 3 * n))
names = pl.Series(["c1", "c2", "c3"]).gather(np.tile(np.arange(3), n))
rows = np.repeat(np.arange(1, n + 1), 3)
columns = {"row": rows, "of": names, "c1": values[0], "c2": values[1], "c3": values[2]}
pl.DataFrame(columns).write_csv(sys.argv[2])
"""

DUCKDB = """
import sys, duckdb
columns = [c[0] for c in duckdb.sql(f"SELECT * FROM '{sys.argv[1]}' LIMIT 0").description]
greatest = f"greatest({', '.join(columns)})"
es = ", ".join(f"exp({c} - m) AS {c}" for c in columns)
ps = ", ".join(f"{c} / s AS {c}" for c in columns)
duckdb.sql(f'''COPY (SELECT {ps} FROM (SELECT *, {' + '.join(columns)} AS s FROM (SELECT {es} FROM (
    SELECT *, {greatest} AS m FROM '{sys.argv[1]}')))) TO '{sys.argv[2]}' (FORMAT csv)''')
"""

PANDAS = """
import sys, pandas as pd
from scipy.special import softmax
frame = pd.read_csv(sys.argv[1])
pd.DataFrame(softmax(frame.to_numpy(), axis=1), columns=frame.columns).to_csv(sys.argv[2], index=False)
"""

NUMPY = """
import sys, numpy as np
from scipy.special import softmax
header = open(sys.argv[1]).readline().strip()
values = softmax(np.loadtxt(sys.argv[1], delimiter=",", skiprows=1), axis=1)
np.savetxt(sys.argv[2], values, delimiter=",", header=header, comments="", fmt="%.17g")
"""

SCRIPTS = {
    "polars": (("polars",), POLARS),
    "polars, streaming": (("polars",), POLARS_STREAMING),
    "polars, Parquet": (("polars",), POLARS_PARQUET),
    "polars, JSON lines": (("polars",), POLARS_LINES),
    "polars, JSON lines, streaming": (("polars",), POLARS_LINES_STREAMING),
    "polars, writing as many numbers": (("polars",), POLARS_JACOBIANS),
    "duckdb": (("duckdb",), DUCKDB),
    "pandas + scipy": (("pandas", "scipy"), PANDAS),
    "numpy + scipy": (("scipy",), NUMPY),
}
"""The modules that each needs, and its script: sys.argv holds the input and the output."""

AWK = """
NR == 1 { print; next }
{
  m = $1; for (i = 2; i <= NF; i++) if ($i > m) m = $i
  s = 0; for (i = 1; i <= NF; i++) { e[i] = exp($i - m); s += e[i] }
  line = sprintf("%.17g", e[1] / s); for (i = 2; i <= NF; i++) line = line "," sprintf("%.17g", e[i] / s)
  print line
}
"""

MILLER = """
m = max(); for (k, v in $*) { m = max(m, v) }
s = 0.0; for (k, v in $*) { s += exp(v - m) }
p = {}; for (k, v in $*) { p[k] = exp(v - m) / s }
emit p
"""
