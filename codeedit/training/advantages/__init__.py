"""Group-relative advantage estimators, each a frozen dataclass whose fields are its settings.

Calling one on rewards of shape (groups, G) gives advantages of that shape in float64.
"""

from codeedit.registry import Registry
from codeedit.training.advantages.base import EPSILON, Estimator, setting_help
from codeedit.training.advantages.gapo import GAPO
from codeedit.training.advantages.gapo_multi import GAPOMulti
from codeedit.training.advantages.grpo import GRPO
from codeedit.training.advantages.krpo import KRPO
from codeedit.training.advantages.mc_grpo import MCGRPO
from codeedit.training.advantages.qae import QAE

ESTIMATORS: Registry[type[Estimator]] = Registry(
    "advantage estimator",
    {"grpo": GRPO, "gapo": GAPO, "krpo": KRPO, "qae": QAE, "mc-grpo": MCGRPO, "gapo-multi": GAPOMulti},
)

__all__ = [
    "EPSILON",
    "ESTIMATORS",
    "GAPO",
    "GRPO",
    "KRPO",
    "MCGRPO",
    "QAE",
    "Estimator",
    "GAPOMulti",
    "setting_help",
]
