import json

import pytest

from codeedit.errors import InputError
from codeedit.eval.subject import find_model


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run ``r`` with settings and no checkpoint, in ./runs."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs" / "r"
    folder.mkdir(parents=True)
    settings = {"max_prompt_length": 512, "max_response_length": 99, "template": "paper"}
    (folder / "run.json").write_text(json.dumps(settings))
    (tmp_path / "runs" / "latest").symlink_to("r")
    return folder


def add(run, name: str) -> None:
    (run / name).mkdir(parents=True)
    (run / name / "config.json").write_text("{}")


def test_the_latest_runs_best_checkpoint_is_the_default(run) -> None:
    add(run, "best")
    add(run, "last")
    model = find_model(None)
    assert model.source.name == "r/best"
    assert model.max_response == 99
    assert model.folder("zeta-dpo").resolve() == run / "eval" / "zeta-dpo"


def test_without_a_best_checkpoint_the_last_is_taken(run) -> None:
    add(run, "last")
    assert find_model("r").source.name == "r/last"


def test_prompts_may_be_as_long_as_the_papers(run) -> None:
    add(run, "last")
    assert find_model(None).max_prompt == 4096


def test_a_checkpoint_in_a_run_has_the_runs_limits_and_reports_of_its_own(run) -> None:
    add(run, "checkpoints/global_step_3/actor/huggingface")
    path = "runs/r/checkpoints/global_step_3/actor/huggingface"
    model = find_model(path)
    assert model.max_response == 99
    assert model.folder("id").parts[:2] == ("eval", "id")


def test_a_template_may_be_named(run) -> None:
    add(run, "best")
    model = find_model(None, "fim")
    assert model.template == "fim"
    assert model.source.plain


def test_a_run_that_was_trained_without_thinking_is_asked_without_it(run) -> None:
    add(run, "best")
    assert find_model(None).source.thinking
    settings = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(settings | {"chat_variables": {"enable_thinking": False}}))
    assert not find_model(None).source.thinking


def test_a_plain_format_has_no_thinking_to_switch_off(run) -> None:
    add(run, "best")
    with pytest.raises(InputError, match="fim is no chat"):
        find_model(None, "fim", thinking=False)


def test_a_run_without_checkpoint_is_an_error(run) -> None:
    with pytest.raises(InputError, match="no checkpoint yet"):
        find_model(None)


def test_no_run_at_all_is_an_error(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no run yet"):
        find_model(None)


def test_a_hub_name_is_taken_as_it_is(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    model = find_model("owner/name")
    assert model.source.location == "owner/name"
    assert str(model.folder("id")) == "eval/id/owner-name"


def test_an_unknown_name_is_an_error(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="unknown model"):
        find_model("tinny")


@pytest.mark.parametrize(("name", "template"), [("tiny", "brief"), ("qwen3-8b", "paper"), ("a/b", "paper")])
def test_without_a_run_the_models_row_says_the_template(tmp_path, monkeypatch, name, template) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_model(name).template == template
