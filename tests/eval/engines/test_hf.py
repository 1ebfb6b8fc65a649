"""The Hugging Face engine on a model with large random weights, whose answers are all different."""

import dataclasses
import json

import pytest

from codeedit.errors import InputError
from codeedit.eval.engines import ModelSource, Sampling
from codeedit.eval.engines.hf import HuggingFaceEngine
from codeedit.eval.engines.local import encode

pytestmark = pytest.mark.slow
WORDS = ["one", "two three", "four five six " * 30, "seven " * 9, "def f(x): return x"]
PROMPTS = {row: [{"role": "user", "content": text}] for row, text in enumerate(WORDS)}
PAIRS = [(row, trial) for row in PROMPTS for trial in range(3)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    from codeedit.models import make_tiny

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEEDIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        engine = HuggingFaceEngine(ModelSource("tiny", make_tiny()))
    import torch

    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, parameter in engine.model.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
            elif parameter.ndim > 1:
                parameter.normal_(0, 0.08, generator=generator)
    return engine


def answers(engine, pairs=PAIRS, **sampling):
    settings = Sampling(**({"max_tokens": 12} | sampling))
    return {(found.row, found.trial): found for found in engine.generate(PROMPTS, pairs, settings)}


def test_every_pair_is_answered_once(engine) -> None:
    settings = Sampling(max_tokens=4)
    found = [(one.row, one.trial) for one in engine.generate(PROMPTS, PAIRS, settings)]
    assert sorted(found) == PAIRS


def greedy_tokens(engine, row: int) -> list[int]:
    """What transformers' own generation answers."""
    import torch

    ids = torch.tensor([encode(engine.tokenizer, PROMPTS[row])])
    settings = {"attention_mask": torch.ones_like(ids), "max_new_tokens": 12, "do_sample": False}
    return engine.model.generate(ids, **settings)[0, ids.shape[1] :].tolist()


def test_greedy_answers_are_those_of_transformers_own_generation(engine) -> None:
    found = answers(engine, temperature=0.0)
    expected = {}
    for row in PROMPTS:
        tokens = [token for token in greedy_tokens(engine, row) if token not in engine._stop_ids()]
        expected[row] = engine.tokenizer.decode(tokens)
    assert len(set(expected.values())) == len(expected)
    assert {pair: one.text for pair, one in found.items()} == {pair: expected[pair[0]] for pair in PAIRS}


def test_an_answer_does_not_depend_on_what_else_is_asked(engine) -> None:
    together = answers(engine)
    alone = {pair: answers(engine, [pair])[pair] for pair in PAIRS}
    assert alone == together
    assert len({one.text for one in together.values()}) == len(PAIRS)


def test_the_likeliest_tokens_alone_remain_with_a_small_top_p(engine) -> None:
    assert answers(engine, top_p=1e-9) == answers(engine, temperature=0.0)


def test_answers_at_the_limit_are_marked(engine) -> None:
    assert all(one.truncated for one in answers(engine, temperature=0.0, max_tokens=1).values())


def test_an_answer_ends_before_a_stop_token(engine, monkeypatch) -> None:
    tokens = greedy_tokens(engine, 0)
    stop = tokens[len(tokens) // 2]
    monkeypatch.setattr(engine, "_stop_ids", lambda _: frozenset({stop}))
    found = answers(engine, [(0, 0)], temperature=0.0)[0, 0]
    assert found.text == engine.tokenizer.decode(tokens[: tokens.index(stop)])
    assert not found.truncated


def test_rows_with_caches_of_another_kind_get_a_row_a_trial(engine, monkeypatch) -> None:
    from codeedit.models import decoding

    shared = answers(engine)
    monkeypatch.setattr(decoding, "can_reserve", lambda _: False)
    assert answers(engine) == shared


def test_plain_prompts_are_not_put_into_a_chat_template(engine) -> None:
    plain = HuggingFaceEngine(dataclasses.replace(engine.source, plain=True))
    assert plain.tokenizer.decode(encode(plain.tokenizer, PROMPTS[4])) == "def f(x): return x"


def test_a_folder_that_is_no_model_is_an_error(tmp_path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "nothing"}')
    with pytest.raises(InputError, match="causal language model"):
        HuggingFaceEngine(ModelSource("x", tmp_path))


def test_an_encoder_is_no_causal_language_model(tmp_path) -> None:
    config = {"model_type": "bert", "architectures": ["BertForMaskedLM"]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="no causal language model but BertForMaskedLM"):
        HuggingFaceEngine(ModelSource("x", tmp_path))


def test_texts_that_end_an_answer_are_stop_tokens_where_they_are_one(engine) -> None:
    marker = "<|editable_region_end|>"
    assert engine.tokenizer.convert_tokens_to_ids(marker) in engine._stop_ids((marker, "two words"))


def test_padding_is_counted_and_stays_below_a_fifth(engine) -> None:
    before = engine.work
    answers(engine, max_tokens=1)
    read = engine.work.prompt_tokens - before.prompt_tokens
    assert read == sum(len(encode(engine.tokenizer, prompt)) for prompt in PROMPTS.values())
    assert engine.work.padding < 0.2
