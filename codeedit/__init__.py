"""History-aware code editing: editor logs to data set, GAPO training through verl, evaluation."""

__version__ = "0.1.0"
