"""The tutor: a derivation is data, a list of steps, each an equation that has been proved.

To add a function is to write its definition and its narrative, and to add its line to `functions.FUNCTIONS`.
A module of the tutor for, say, the exponential of each logit, e^z_i, would be::

    def claim(case):
        return D(case.names.p[case.i], case.names.z[case.j])

    def definitions(case):  # what the names stand for; p_k is what the function gives
        return {p: Exp(z) for p, z in zip(case.names.p, case.names.z)}

    def exponential(case):  # the narrative: the steps, in order, each with its rule and its reason
        p, z = case.names.p[case.i], case.names.z[case.j]
        if case.same:
            why = sentence("{p} is its own derivative.", p=p)
            yield Step("result", rules.Exponential, why, claim(case), p)
        else:
            why = sentence("{z} does not appear in {p}.", z=z, p=p)
            yield Step("result", rules.Constant, why, claim(case), Integer(0))

    ROUTES = {"exponential": exponential}

There is no engine to teach: `proof.prove` knows nothing of the rules, and holds every line against the
definitions. The numbers, `--prove sympy` and every format follow from the steps; the complex-step
derivative beside the answer is a function of doubles in `numbers`.
`tests/tutor/test_new_function.py` does this.

The modules: `nodes`, what stands as it was written; `rules`, the rules of calculus and algebra; `derivation`,
steps; `notation`, the names; `evaluate`, the value of a line in any arithmetic; `proof` and `numbers`, two
arithmetics; `softmax`, `log_softmax`, `sigmoid`, `cross_entropy`, `general`, `follow_ups`, the narratives;
`printers`, the formats.
"""
