"""``codeedit lab train``: the paper's comparison by real runs of a very small model, one folder a run."""
