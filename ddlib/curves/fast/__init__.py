"""How a whole curve is fast: every size from one pass over the data, for all training sets at once.

sweep           every P at once: columns are added to X
growth          every N at once: rows are added to X
feature_sweep   every P of any matrix, for predictions alone
triangular      inverses of stacks of triangular matrices
"""
