"""verl's SFT trainer, which saves the step in progress and ends when it is asked to."""

from __future__ import annotations

from typing import Any

import hydra
import torch
import torch.distributed
from verl.trainer.sft_trainer import SFTTrainer
from verl.utils.device import auto_set_device, get_device_name
from verl.utils.distributed import destroy_global_process_group, initialize_global_process_group

from codeedit.training.stopping import of_this_start


class StoppableSFTTrainer(SFTTrainer):  # type: ignore[misc]
    """verl's; a step of it is short, so it is finished, and made the last."""

    def fit(self) -> None:
        """Train, as verl does, to the last step or to a stop."""
        self._step = self.resume_global_step
        if files := of_this_start():
            files.listen()
        super().fit()

    def _get_batch_seqlens(self, data: Any) -> Any:  # noqa: ANN401
        """Return verl's answer; this is the one method that it calls once at each step's beginning."""
        self._step += 1
        if self._stop_agreed():
            self.total_training_steps = self._step  # verl saves the last step
            if self.test_freq <= 0 or self._step % self.test_freq:
                self.val_dataloader = None  # and would validate it
                self.test_freq: int = -1
        return super()._get_batch_seqlens(data)

    def _stop_agreed(self) -> bool:
        """Return whether any process has seen the request: all must end at the same step."""
        files = of_this_start()
        asked = files is not None and files.asked
        if torch.distributed.get_world_size() == 1:
            return asked
        flag = torch.tensor([float(asked)], device=get_device_name())
        torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
        return bool(flag.item())


@hydra.main(  # type: ignore[untyped-decorator]
    config_path="pkg://verl.trainer.config", config_name="sft_trainer_engine", version_base=None
)
def main(config: Any) -> None:  # noqa: ANN401 - omegaconf's DictConfig
    """Do what ``verl.trainer.sft_trainer`` does."""
    auto_set_device(config)
    initialize_global_process_group()
    StoppableSFTTrainer(config=config).fit()
    destroy_global_process_group()


if __name__ == "__main__":
    main()
