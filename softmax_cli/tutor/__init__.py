"""The tutor: a derivation is data, a list of steps, each an equation that has been proved.

To add a function, write its narrative in `narratives` and add its line to `functions.NARRATIVES`. For the
exponential of each logit, e^z_i, the module would be::

    def claim(case):  # what is worked out
        return D(case.output.p, case.wrt.z)

    def definitions(case):  # what the names stand for; p_k is what the function gives
        return {m.p: Exp(m.z) for m in case.classes}

    def exponential(case):  # the narrative: the steps, in order, each with its rule and its reason
        p, z = case.output.p, case.wrt.z
        if case.same:
            why = sentence("{p} is its own derivative.", p=p)
            yield Step("result", rules.EXPONENTIAL, why, claim(case), p)
        else:
            why = sentence("{z} is not in {p}: a constant.", z=z, p=p)
            yield Step("result", rules.CONSTANT, why, claim(case), Integer(0))

    MEANING = ("The larger {p}, the faster it grows.",) * 3  # for i = j, i != j, and any i and j
    ROUTES = {"exponential": exponential}

There is no engine to teach: `proof.prove` knows none of the rules, and checks every line against the
definitions. The numbers, ``--prove sympy`` and every format follow from the steps.

The modules: `nodes`, expressions that stay as written; `rules`, the rules of calculus and algebra;
`derivation`, steps; `notation`, the names; `evaluate`, the value of a line in any arithmetic; `proof` and
`numbers`, two arithmetics; `narratives`, `follow_ups` and `topics`, what is derived; `printers`, the formats.
"""
