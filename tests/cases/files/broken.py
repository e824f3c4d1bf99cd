def f(z:
