"""Where zeta's files are: a folder, or the Hugging Face hub at a pinned revision.

Source: https://huggingface.co/datasets/zed-industries/zeta (Apache-2.0): ``train.jsonl`` with 418 rows,
``eval.jsonl`` with 33 and ``dpo.jsonl`` with 132, of which 32 need no change.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from codeedit.errors import InputError, MissingDependencyError

REPOSITORY = "zed-industries/zeta"
REVISION = "002edb3fef4743f3b89fe63e5709238a19d679eb"
FOLDER_VARIABLE = "CODEEDIT_ZETA"
_PATIENCE = 20  # seconds
SHA256 = {
    "dpo": "f9e6a2d8a8af644650b5a21f1443fbd8a8bd1e06f9146a80c0d36d098cc4b45a",
    "eval": "d28e947bca62c968a9d753177f982d7849defde11bbc612214edf3cc6699e340",
    "train": "5b20d5e93c5c9ad4c1fe65192f5531f644534a2a1c2de02d3b10d23489552878",
}


def locate(split: str, folder: Path | None) -> Path:
    """Return the path of a split's file.

    Args:
        split: ``dpo``, ``eval`` or ``train``.
        folder: where to look; without one, the folder that ``CODEEDIT_ZETA`` names, else the hub (the
            hub's own cache first).

    Raises:
        InputError: the folder has no such file.
        MissingDependencyError: there is no folder and the hub cannot be reached.
    """
    where = f"--zeta {folder}" if folder else FOLDER_VARIABLE
    if folder is None and (named := os.environ.get(FOLDER_VARIABLE)):
        folder = Path(named)
    if folder is None:
        return _from_hub(f"{split}.jsonl")
    path = folder / f"{split}.jsonl"
    if not path.is_file():
        raise InputError(f"no {split}.jsonl in {folder}", where=where, hint=_ADVICE)
    return path


_ADVICE = (
    f"download https://huggingface.co/datasets/{REPOSITORY} and name its folder with --zeta DIR "
    f"or {FOLDER_VARIABLE}"
)


def _from_hub(name: str) -> Path:
    from huggingface_hub import get_session, hf_hub_download, hf_hub_url, try_to_load_from_cache
    from huggingface_hub.utils.tqdm import disable_progress_bars

    cached = try_to_load_from_cache(REPOSITORY, name, revision=REVISION, repo_type="dataset")
    if isinstance(cached, str):
        return Path(cached)
    disable_progress_bars()
    try:
        # The download tries again for half a minute where there is no network; this fails at once.
        url = hf_hub_url(REPOSITORY, name, repo_type="dataset", revision=REVISION)
        get_session().head(url, timeout=_PATIENCE)
        return Path(hf_hub_download(REPOSITORY, name, repo_type="dataset", revision=REVISION))
    except Exception as error:  # its own, its transport's and the system's
        raise MissingDependencyError(
            "zeta is not here and the hub cannot be reached", hint=_ADVICE
        ) from error


def check(path: Path, split: str) -> str | None:
    """Return a note where the file's content is not the pinned revision's, else None."""
    if hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[split]:
        return None
    return f"{path.name} differs from {REPOSITORY} at {REVISION[:12]}: scores are not comparable with others'"
