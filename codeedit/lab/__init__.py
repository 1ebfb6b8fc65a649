"""Instruments that compare the algorithms: on made-up prompts, and on the rollouts of real runs."""
