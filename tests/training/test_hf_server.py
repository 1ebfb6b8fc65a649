"""The CPU's rollout server: batches and shared prompts change no answer."""

import asyncio
import importlib.util

import pytest

if importlib.util.find_spec("verl") is None:
    pytest.skip("verl is not installed", allow_module_level=True)

GREEDY = {"temperature": 0.0, "top_p": 1.0, "top_k": -1}
SAMPLED = {"temperature": 1.0, "top_p": 1.0, "top_k": -1}
PROMPTS = ([5, 9, 300, 12, 7, 7, 40], [8], [600, 11, 12], list(range(100, 180)))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    import warnings

    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import verl.workers.rollout.replica  # noqa: F401 - its imports warn of things that are not ours

        from codeedit.models import make_tiny
        from codeedit.training.verl_plugin.hf_server import HFServer
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEEDIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        server = HFServer(str(make_tiny()), response_length=12, max_num_seqs=64, seed=1)
    with torch.no_grad():
        # So that its choices are clear; larger attention would make rounding larger too.
        server.model.get_input_embeddings().weight.mul_(4)
    return server


def answers(server, prompts, sampling):
    async def ask():
        return await asyncio.gather(*(server.generate(list(prompt), sampling) for prompt in prompts))

    server.idle = asyncio.Event()
    server.idle.set()
    return asyncio.run(ask())


def alone(server, prompt):
    """Decode greedily, a token at a time, without cache and batch."""
    import torch

    tokens = list(prompt)
    with torch.inference_mode():
        for _ in range(server.response_length):
            tokens.append(int(server.model(torch.tensor([tokens])).logits[0, -1].argmax()))
            if tokens[-1] in server.end_tokens:
                break
    return tokens[len(prompt) :]


def test_answers_in_a_batch_are_those_of_each_prompt_alone(server):
    outputs = answers(server, [prompt for prompt in PROMPTS for _ in range(3)], GREEDY)
    assert [output.token_ids for output in outputs[::3]] == [alone(server, prompt) for prompt in PROMPTS]


def test_answers_come_in_the_order_of_the_requests(server):
    forward = [output.token_ids for output in answers(server, PROMPTS, GREEDY)]
    backward = [output.token_ids for output in answers(server, PROMPTS[::-1], GREEDY)]
    assert forward == backward[::-1]


def test_log_probs_are_the_models_own(server):
    import torch

    for prompt, output in zip(PROMPTS, answers(server, PROMPTS, SAMPLED), strict=True):
        with torch.inference_mode():
            logits = server.model(torch.tensor([[*prompt, *output.token_ids]])).logits[0]
        scores = logits.log_softmax(-1)[len(prompt) - 1 : -1]
        expected = [float(scores[at, token]) for at, token in enumerate(output.token_ids)]
        assert output.log_probs == pytest.approx(expected, abs=1e-4)


def test_rollouts_of_one_prompt_differ(server):
    outputs = answers(server, [PROMPTS[0]] * 8, SAMPLED)
    assert len({tuple(output.token_ids) for output in outputs}) > 1


def test_the_step_seeds_the_sampling(server):
    state = {name: weight.clone() for name, weight in server.model.state_dict().items()}

    def draw(step):
        server.idle = asyncio.Event()
        server.idle.set()
        asyncio.run(server.load_weights(state, step))
        return [output.token_ids for output in answers(server, PROMPTS, SAMPLED)]

    first = draw(3)
    assert draw(4) != first
    assert draw(3) == first


def test_answers_do_not_depend_on_when_requests_arrive(server, monkeypatch):
    state = {name: weight.clone() for name, weight in server.model.state_dict().items()}

    def drawn(prompts):
        server.idle = asyncio.Event()
        server.idle.set()
        asyncio.run(server.load_weights(state, 5))
        found = zip(prompts, answers(server, prompts, SAMPLED), strict=True)
        return sorted((prompt, output.token_ids) for prompt, output in found)

    together = drawn([prompt for prompt in PROMPTS for _ in range(3)])
    monkeypatch.setattr(server, "max_num_seqs", 2)
    assert drawn([prompt for _ in range(3) for prompt in PROMPTS[::-1]]) == together


def test_the_likeliest_token_alone_remains_with_top_k_1(server):
    likeliest = [output.token_ids for output in answers(server, PROMPTS, GREEDY)]
    assert [output.token_ids for output in answers(server, PROMPTS, {**SAMPLED, "top_k": 1})] == likeliest


def test_an_answer_ends_with_its_end_token(server):
    before = server.end_tokens
    second = alone(server, PROMPTS[0])[1]
    server.end_tokens = [second]
    (output,) = answers(server, [PROMPTS[0]], GREEDY)
    server.end_tokens = before
    assert output.token_ids[-1] == second
    assert second not in output.token_ids[:-1]


def test_a_request_may_ask_for_fewer_tokens(server):
    (output,) = answers(server, [PROMPTS[0]], {**GREEDY, "max_tokens": 2})
    assert len(output.token_ids) <= 2
