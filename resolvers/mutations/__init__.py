"""Acts: each calls one verb and shows what came of it."""
