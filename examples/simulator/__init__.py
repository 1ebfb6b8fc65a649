"""Simulated editor sessions: an editor that keeps a log, a person who types, and the chores they do."""
