"""Ray Data: the processes of a cluster, or of this machine.

Logs, key and the folder of unfinished work lie on storage that all machines share under the same paths.  Only
paths travel through Ray, never a log's text, since Ray may keep what travels on disk.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import traceback
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Final

from codeedit.errors import CodeEditError, MissingDependencyError
from codeedit.pipeline.ingest.session_stage import Done, Unit, work_through

_MOST_BLOCKS: Final = 4_096


class Ray:
    """The cluster that ``RAY_ADDRESS`` names or that runs here; else one is started on this machine."""

    name = "ray"

    def prepare(self) -> None:
        """See that Ray Data is there.

        Raises:
            MissingDependencyError: it is not.
        """
        if importlib.util.find_spec("ray") is None:
            hint = "pip install 'ray[data]', or leave --engine out"
            raise MissingDependencyError("Ray is not installed", where="--engine ray", hint=hint)

    def run(self, units: Sequence[Unit], jobs: int | None) -> Iterator[Done]:
        """Yield what became of each unit.

        Raises:
            CodeEditError: a machine or a process was lost, or Ray cannot be reached.
        """
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import ray
            import ray.data

            mine = not ray.is_initialized()
            try:
                if mine:
                    ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
                context = ray.data.DataContext.get_current()
                context.enable_progress_bars = False
                logging.getLogger("ray.data").setLevel(logging.ERROR)
                blocks = min(len(units), _MOST_BLOCKS)
                work = ray.data.from_items([{"unit": unit} for unit in units], override_num_blocks=blocks)
                for row in work.map(_work, concurrency=jobs).iter_rows():
                    yield row["done"]
            except (ConnectionError, ray.exceptions.RayError) as error:
                hint = "run again to go on; see Ray's own logs for the cause"
                raise CodeEditError(
                    f"Ray failed: {type(error).__name__}", where="--engine ray", hint=hint
                ) from None
            finally:
                if mine:
                    ray.shutdown()


def _work(row: dict[str, Any]) -> dict[str, Any]:
    """Work through a unit; an error's text stays here, since it may quote a log and Ray would log it."""
    try:
        return {"done": work_through(row["unit"])}
    except CodeEditError as error:
        return {"done": Done(row["unit"], failure=str(error))}
    except Exception as error:  # noqa: BLE001 - named by type and place alone
        last = traceback.extract_tb(error.__traceback__)[-1]
        return {"done": Done(row["unit"], failure=f"{type(error).__name__} in {last.filename}:{last.lineno}")}
