"""Other people's databases: one package an engine, reached by name through `registry`; knows no table of ours."""
