import dataclasses
import json

import pytest

from codeedit.eval import evaluate
from codeedit.eval.engines import ModelSource
from codeedit.eval.evaluate import GenerationOptions, evaluate_baseline, evaluate_model, evaluate_predictions
from codeedit.eval.sets.base import set_from_tasks
from codeedit.eval.subject import EvaluatedModel
from codeedit.pipeline.prompt_builder import render_answer


def silent(*_: object) -> None:
    return None


@pytest.fixture
def target(tasks):
    return set_from_tasks("id", tasks)


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return EvaluatedModel(ModelSource("m", tmp_path / "m"), tmp_path / "eval", "paper", 4096, 64)


@pytest.fixture
def use(monkeypatch):
    def use(engine):
        monkeypatch.setattr(evaluate, "engine_settings", lambda _: engine)
        return engine

    return use


@pytest.fixture
def right(target, scripted):
    return scripted(lambda at, _: render_answer(target.rows[at].task))


def test_a_model_that_answers_right_scores_1(target, model, use, right) -> None:
    use(right)
    found = evaluate_model(target, model, GenerationOptions(), silent)
    assert found.report["exact_match"] == 1.0
    assert found.report["trials"] == 5
    assert len(found.report["seeds"]) == 5
    assert json.loads(found.report_file.read_text()) == json.loads(json.dumps(found.report))


@pytest.mark.parametrize("template", ["zeta", "zeta2", "blocks", "fim"])
def test_answers_are_read_by_the_template_of_their_prompt(target, model, use, scripted, template) -> None:
    use(scripted(lambda at, _: render_answer(target.rows[at].task, template=template)))
    found = evaluate_model(
        target, dataclasses.replace(model, template=template), GenerationOptions(trials=1), silent
    )
    assert found.report["exact_match"] == 1.0
    again = evaluate_predictions(target, found.answers_file, label="x", trials=None, allow_missing=False)
    assert again.report["exact_match"] == 1.0


def test_an_interrupted_evaluation_goes_on_where_it_stopped(target, model, use, scripted) -> None:
    first = use(scripted(lambda at, trial: f"{at}{trial}", stop_after=7))
    with pytest.raises(KeyboardInterrupt):
        evaluate_model(target, model, GenerationOptions(), silent)
    second = use(scripted(lambda at, trial: f"{at}{trial}"))
    evaluate_model(target, model, GenerationOptions(), silent)
    assert len(second.asked) == 4 * 5 - 7
    assert not set(first.asked) & set(second.asked)


def test_more_trials_ask_for_the_new_ones_only(target, model, use, right) -> None:
    use(right)
    evaluate_model(target, model, GenerationOptions(trials=1), silent)
    evaluate_model(target, model, GenerationOptions(trials=2), silent)
    assert sorted(right.asked) == [(at, trial) for at in range(4) for trial in range(2)]


def test_a_changed_checkpoint_is_asked_again(target, model, use, right) -> None:
    use(right)
    folder = model.source.location
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    evaluate_model(target, model, GenerationOptions(trials=1), silent)
    (folder / "config.json").write_text('{"a": 1}')
    evaluate_model(target, model, GenerationOptions(trials=1), silent)
    assert len(right.asked) == 8


def test_a_prompt_that_fits_no_budget_is_not_asked_but_counted(tasks, model, use, scripted) -> None:
    long = dataclasses.replace(
        tasks[0], id="long", code="word " * 6000, edit_start=0, edit_end=29999, cursor=0
    )
    target = set_from_tasks("id", [long, tasks[1]])
    engine = use(scripted(lambda *_: render_answer(tasks[1])))
    report = evaluate_model(target, model, GenerationOptions(trials=1), silent).report
    assert engine.asked == [(1, 0)]
    assert (report["prompt_too_long"], report["exact_match"]) == (0.5, 0.5)


def test_greedy_answers_need_one_trial(target, model, use, right) -> None:
    use(right)
    assert evaluate_model(target, model, GenerationOptions(temperature=0), silent).report["trials"] == 1


def test_a_part_of_a_set_has_a_report_of_its_own(target, model, use, right) -> None:
    use(right)
    found = evaluate_model(target, model, GenerationOptions(trials=1, limit=2), silent)
    assert found.report["rows"] == 2
    assert found.report_file.name == "report-drawn-2.json"
    assert len(right.asked) == 2


def test_progress_is_told_up_to_the_end(target, model, use, right) -> None:
    use(right)
    told = []
    evaluate_model(target, model, GenerationOptions(trials=2), lambda *step: told.append(step))
    assert told[-1] == ("answers", 8, 8)


def test_the_copy_baseline_writes_report_and_answers(target, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = evaluate_baseline(target, "copy")
    assert found.report["exact_match"] == 0.25
    assert str(found.report_file) == "eval/id/baseline-copy/report.json"
    assert len(found.answers_file.read_text().splitlines()) == 4


def test_a_language_is_answered_with_the_same_seeds_as_in_the_whole_set(target, model, use, right) -> None:
    use(right)
    part = evaluate_model(target, model, GenerationOptions(trials=1, languages=("go",)), silent)
    assert right.asked == [(3, 0)]
    assert part.report["rows"] == part.report["exact_match"] == 1
    assert part.report_file.name == "report-go.json"
    evaluate_model(target, model, GenerationOptions(trials=1), silent)
    assert sorted(right.asked) == [(at, 0) for at in range(4)]


def test_a_runs_training_prompts_are_looked_through(target, model, use, right, tasks, tmp_path) -> None:
    from codeedit.pipeline.prompt_builder import build, write_prompts

    use(right)
    file = tmp_path / "train.parquet"
    write_prompts((build(task) for task in tasks[:1]), file)
    trained = dataclasses.replace(model, training=file)
    found = evaluate_model(target, trained, GenerationOptions(trials=1), silent).report["contamination"]
    assert (found["training_prompts"], found["rows"]) == (1, ["task0"])


def test_what_was_measured_counts_the_answers_made_now(target, model, use, right) -> None:
    use(right)
    first = evaluate_model(target, model, GenerationOptions(trials=1), silent).report["measured"]
    again = evaluate_model(target, model, GenerationOptions(trials=1), silent).report["measured"]
    assert (first["answers"], again["answers"]) == (4, 0)
