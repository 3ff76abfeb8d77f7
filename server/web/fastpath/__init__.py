"""The fast path: an operation is planned once, then answered with one statement a root field and a generated function.

`executor.py` is the way in; `docs/serving.md` follows one operation through it."""
