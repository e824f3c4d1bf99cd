"""The signs, commands and names that people write, in our own."""

COMMANDS = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), "frac"),
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    **dict.fromkeys(("ne", "neq"), "!="),
    "div": "/",
    "partial": "partial",
    "delta": "delta",
    **dict.fromkeys(("sum", "Sigma"), "sum"),
    "exp": "exp",
    "log": "log",
    "ln": "log",
    "prime": "'",
    "sigma": "sigma",
    "lbrace": "{",
    "rbrace": "}",
    "lbrack": "[",
    "rbrack": "]",
}
"""The commands of LaTeX, in our words and signs."""
SILENT = frozenset(
    ["text", "mathrm", "mathit", "mathbf", "mathsf", "operatorname", "textrm", "textit", "mathop"]
)
"""Commands that change the look of what they hold."""
SIGNS = {
    **dict.fromkeys("−–—‒﹣－", "-"),
    **dict.fromkeys("·⋅×∗•∙✕⨯", "*"),
    **dict.fromkeys("÷∕⁄／", "/"),
    **dict.fromkeys("′’ʹ‘`´", "'"),
    **dict.fromkeys("δΔ", "delta"),
    **dict.fromkeys("∑Σ", "sum"),
    **dict.fromkeys("∂𝜕", "partial"),
    **dict.fromkeys("σ", "sigma"),
    "ŷ": "p",
    **dict(zip("≠＝（）＋", ("!=", "=", "(", ")", "+"), strict=True)),
}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ", "0123456789+-()n", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙ", "0123456789ijklmn", strict=True))
LETTERS = "ijklmn"
"""What a sum may run over, and i and j."""
NAMES = (
    *("KroneckerDelta", "partial", "delta", "softmax", "sigmoid", "sigma", "exp", "log", "sum", "ln"),
    *("dij", "dji", "dii", "djj"),
    *(letter + index for letter in "pzye" for index in "ijk"),
    *"pzyefgSsLTKJdPZY",
)
"""What a run of letters may be made of, the longest first: fg is f times g, pi is p_i."""
SAME = {
    "P": "p",
    "Z": "z",
    "Y": "y",
    "KroneckerDelta": "delta",
    "ln": "log",
    "sigmoid": "sigma",
    "softmax": "sigma",
    "s": "S",
}
TWO_INDICES = {"delta", "d"}
INDEXED = frozenset("pzye") | {"delta", "J"}
