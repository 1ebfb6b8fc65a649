"""Scores of predicted edits: sets, engines that generate, metrics, statistics, reports and pages."""
