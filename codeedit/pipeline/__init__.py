"""From editor logs to tasks, and from tasks to prompts and back."""
