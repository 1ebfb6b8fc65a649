"""Made-up edit tasks that a very small model can learn, and a shifted set of them."""

from codeedit.lab.tasks.data import TaskSizes, make_task_sets
from codeedit.lab.tasks.kinds import KINDS, make_task
from codeedit.lab.tasks.styles import IN_DOMAIN, SHIFTED, Style

__all__ = [
    "IN_DOMAIN",
    "KINDS",
    "SHIFTED",
    "Style",
    "TaskSizes",
    "make_task",
    "make_task_sets",
]
