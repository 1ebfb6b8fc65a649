"""Stands in for verl's trainers: a process that writes the files that they write, and trains nothing.

A folder named by ``STAND_IN`` holds what it is to copy as each checkpoint's model, and, where there is one, a
file ``stop`` with the step at which it waits to be ended or ``fail-RUN`` with the step at which it fails.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path


def settings():
    found = {}
    for word in sys.argv[1:]:
        key, _, value = word.partition("=")
        found[key.lstrip("+")] = value.strip("'")
    return found


def at(orders, name):
    file = orders / name
    return int(file.read_text()) if file.is_file() else -1


def main():
    given, orders = settings(), Path(os.environ["STAND_IN"])
    supervised = "optim.lr" in given
    folder = Path(given["trainer.default_local_dir"])
    first = 0
    if given.get("trainer.resume_mode") == "resume_path":
        first = int(given["trainer.resume_from_path"].rpartition("_")[2])
    (orders / "started").open("a").write(f"{folder.parent.name} {first}\n")
    total, every = int(given["trainer.total_training_steps"]), int(given["trainer.save_freq"])
    with Path(os.environ["VERL_FILE_LOGGER_PATH"]).open("w") as log:
        for step in range(first + 1, total + 1):
            if step == at(orders, f"fail-{folder.parent.name}"):
                sys.exit("RuntimeError: it was told to fail")
            data = {"train/loss": 1.0} if supervised else {"critic/score/mean": 0.5}
            log.write(json.dumps({"step": step, "data": data}) + "\n")
            log.flush()
            if step % every == 0 or step == total:
                save(folder, step, orders / "model", supervised)
            while step == at(orders, "stop"):
                time.sleep(0.02)


def save(folder, step, model, supervised):
    point = folder / f"global_step_{step}"
    shutil.copytree(model, point / "huggingface" if supervised else point / "actor" / "huggingface")
    if supervised:
        (folder / "latest_checkpointed_iteration.txt").write_text(str(step))
    else:
        (point / "complete.json").write_text(json.dumps({"step": step}))


main()
