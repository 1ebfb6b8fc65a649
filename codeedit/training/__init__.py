"""Reinforcement learning through verl: algorithms, reward, plan and launch."""
