"""What codeedit adds to verl, inside verl's own processes.

verl imports this package in the driver and in every Ray worker (``VERL_USE_EXTERNAL_MODULES``); importing
it registers the advantage estimators, and with ``VERL_PLATFORM=cpu`` also the CPU platform and the
``hf`` rollout.  On GPUs verl's own platform and its vLLM rollout are used.
"""

import os

from codeedit.training.verl_plugin.estimators import register_estimators

register_estimators()
if os.environ.get("VERL_PLATFORM") == "cpu":
    from codeedit.training.verl_plugin.cpu import register_cpu

    register_cpu()
