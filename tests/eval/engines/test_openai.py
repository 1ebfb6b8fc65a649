"""The openai engine against a server on loopback that misbehaves in all the ways that servers do."""

import itertools
import json
import threading
import time

import pytest

from codeedit.errors import CodeEditError, InputError
from codeedit.eval.engines import ModelSource, Sampling, openai_client
from codeedit.eval.engines.openai import OpenAI

PROMPTS = {row: [{"role": "user", "content": f"prompt {row}"}] for row in range(6)}
PAIRS = [(row, trial) for row in PROMPTS for trial in range(2)]


def completion(text: str | None = "x", finish: str = "stop", **message: object) -> tuple[int, dict, bytes]:
    choice = {"finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
    return 200, {}, json.dumps({"choices": [choice]}).encode()


def plain_completion(text: str) -> tuple[int, dict, bytes]:
    return 200, {}, json.dumps({"choices": [{"finish_reason": "stop", "text": text}]}).encode()


def failure(status: int, message: str = "", **headers: str) -> tuple[int, dict, bytes]:
    return status, headers, json.dumps({"error": {"message": message}}).encode()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(openai_client, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(openai_client, "_LONGEST_PAUSE", 0.002)


def ask(fake, pairs=PAIRS, *, plain=False, thinking=True, sampling=None, **settings):
    source = ModelSource("fake", "fake", plain=plain, thinking=thinking)
    engine = OpenAI(url=fake.url, **settings).open(source)
    return list(engine.generate(PROMPTS, pairs, sampling or Sampling(max_tokens=7)))


def texts(found):
    return {(one.row, one.trial): one.text for one in found}


def echo(body, _number):
    return completion(body["messages"][0]["content"])


def test_each_pair_is_answered_once(serve) -> None:
    fake = serve(echo)
    found = ask(fake)
    assert texts(found) == {(row, trial): f"prompt {row}" for row, trial in PAIRS}
    assert len(found) == len(fake.bodies) == len(PAIRS)


def test_a_request_says_what_is_wanted(serve) -> None:
    fake = serve(echo)
    ask(fake, [(0, 0)], sampling=Sampling(0.5, 0.9, 7, ("<end>",)))
    body = fake.bodies[0]
    assert (body["model"], body["temperature"], body["top_p"], body["max_tokens"]) == ("fake", 0.5, 0.9, 7)
    assert body["stop"] == ["<end>"]
    assert fake.paths == ["/v1/chat/completions"]


def test_each_row_and_trial_has_a_seed_of_its_own_that_stays(serve) -> None:
    first, second = serve(echo), serve(echo)
    ask(first)
    ask(second)
    seeds = [
        {(body["messages"][0]["content"], body["seed"]) for body in fake.bodies} for fake in (first, second)
    ]
    assert seeds[0] == seeds[1]
    assert len({seed for _, seed in seeds[0]}) == len(PAIRS)


def test_plain_prompts_go_to_completions_as_one_text(serve) -> None:
    fake = serve(lambda body, _: plain_completion(body["prompt"].upper()))
    assert texts(ask(fake, [(3, 0)], plain=True)) == {(3, 0): "PROMPT 3"}
    assert fake.paths == ["/v1/completions"]


def test_thinking_is_switched_off_where_that_is_asked_for_alone(serve) -> None:
    fake = serve(echo)
    ask(fake, [(0, 0)])
    ask(fake, [(0, 0)], thinking=False)
    told = [body.get("chat_template_kwargs") for body in fake.bodies]
    assert told == [None, {"enable_thinking": False}]


def test_an_answer_at_the_limit_is_marked(serve) -> None:
    (found,) = ask(serve(completion("cut", "length")), [(0, 0)])
    assert found.truncated


def test_a_thought_without_an_answer_is_no_answer(serve) -> None:
    (found,) = ask(serve(completion(None, "length", reasoning_content="hm")), [(0, 0)])
    assert found.text == "<think>hm"


def test_a_thought_beside_an_answer_is_left_out(serve) -> None:
    (found,) = ask(serve(completion("x = 1", reasoning_content="hm")), [(0, 0)])
    assert found.text == "x = 1"


@pytest.mark.parametrize(
    "fault",
    [
        failure(500),
        failure(502),
        failure(503),
        failure(429),
        failure(429, Retry_After="0"),
        failure(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
        failure(408),
        (200, {}, b"<html>busy</html>"),
        (200, {}, b'{"choices": []}'),
        (200, {}, b'{"choices": [{"message": {"content": 3}}]}'),
        (200, {}, b"[]"),
        (200, {}, b""),
        None,
    ],
    ids=lambda fault: "cut" if fault is None else f"{fault[0]} {fault[1]} {fault[2].decode()[:30]}",
)
def test_a_fault_that_passes_costs_nothing_but_time(serve, fault) -> None:
    fake = serve(lambda body, number: fault if number <= 2 else echo(body, number))
    assert texts(ask(fake, [(0, 0)])) == {(0, 0): "prompt 0"}
    assert len(fake.bodies) == 3


def test_the_server_says_how_long_to_wait(serve, monkeypatch) -> None:
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    monkeypatch.setattr(openai_client.asyncio, "sleep", sleep)
    fake = serve(lambda body, number: failure(429, Retry_After="7") if number == 1 else echo(body, number))
    ask(fake, [(0, 0)])
    assert pauses == [7.0]


def test_pauses_grow(serve, monkeypatch) -> None:
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    monkeypatch.setattr(openai_client.asyncio, "sleep", sleep)
    monkeypatch.setattr(openai_client, "_FIRST_PAUSE", 1.0)
    monkeypatch.setattr(openai_client, "_LONGEST_PAUSE", 30.0)
    monkeypatch.setattr(openai_client.random, "uniform", lambda _, most: most)
    with pytest.raises(CodeEditError, match=r"answers 503 \(8 times\)"):
        ask(serve(failure(503)), [(0, 0)])
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_silent_server_is_given_up(serve) -> None:
    released = threading.Event()
    fake = serve(lambda *_: released.wait(20) and None)
    with pytest.raises(CodeEditError, match=r"no answer within 0\.05 s \(3 times\)"):
        ask(fake, [(0, 0)], timeout=0.05)
    released.set()


@pytest.mark.parametrize("body", [b"<html>", b'{"choices": []}'])
def test_a_server_that_talks_nonsense_is_given_up(serve, body) -> None:
    with pytest.raises(CodeEditError, match="no completion"):
        ask(serve((200, {}, body)), [(0, 0)])


@pytest.mark.parametrize(
    ("status", "hint"),
    [(401, "OPENAI_API_KEY"), (403, "--api-key-env"), (404, "--url and --model"), (400, "")],
)
def test_a_refusal_is_not_tried_again(serve, status, hint) -> None:
    fake = serve(failure(status, "no\nsuch thing"))
    with pytest.raises(InputError, match=rf"refuses \({status}\): no such thing; .*{hint}"):
        ask(fake, [(0, 0)])
    assert len(fake.bodies) == 1


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5000.",
        "the request exceeds the available context size, try increasing it",
    ],
)
def test_a_prompt_that_the_server_finds_too_long_is_counted_as_such(serve, message) -> None:
    def behave(body, number):
        return failure(400, message) if body["messages"][0]["content"] == "prompt 1" else echo(body, number)

    found = {(one.row, one.trial): one for one in ask(serve(behave))}
    assert {pair for pair, one in found.items() if one.prompt_too_long} == {(1, 0), (1, 1)}


def test_no_more_requests_are_under_way_than_were_allowed(serve) -> None:
    def slowly(body, number):
        time.sleep(0.02)
        return echo(body, number)

    fake = serve(slowly)
    ask(fake, concurrency=3)
    assert 1 < fake.most_at_once <= 3


def test_what_was_under_way_when_the_server_failed_is_kept(serve) -> None:
    both = threading.Barrier(2)

    def behave(body, _number):
        if body["messages"][0]["content"] == "prompt 0":
            both.wait(10)
            return failure(401, "no")
        both.wait(10)
        time.sleep(0.2)
        return completion("late")

    engine = OpenAI(url=serve(behave).url, concurrency=2).open(ModelSource("fake", "fake"))
    stream = engine.generate(PROMPTS, [(0, 0), (1, 0), (2, 0)], Sampling())
    assert next(stream).text == "late"
    with pytest.raises(InputError, match="refuses"):
        next(stream)


def test_a_server_that_dies_ends_in_one_line_that_says_how_to_go_on(serve) -> None:
    fake = serve(echo)
    engine = OpenAI(url=fake.url, concurrency=1).open(ModelSource("fake", "fake"))
    stream = engine.generate(PROMPTS, PAIRS, Sampling())
    got = list(itertools.islice(stream, 3))
    fake.behave = lambda *_: None
    fake.stop()
    with pytest.raises(CodeEditError, match="run the same command again") as caught:
        got += list(stream)
    assert len(got) >= 3
    assert caught.value.exit_code == 1
    assert "\n" not in str(caught.value)


def test_an_answer_stream_can_be_left_early(serve) -> None:
    stream = (
        OpenAI(url=serve(echo).url).open(ModelSource("fake", "fake")).generate(PROMPTS, PAIRS, Sampling())
    )
    next(stream)
    stream.close()


def test_the_key_goes_into_the_header_and_nowhere_else(serve, monkeypatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-12345")
    fake = serve(failure(401, "Incorrect API key provided: sk-12345"))
    with pytest.raises(InputError) as caught:
        ask(fake, [(0, 0)], api_key_env="MY_KEY")
    assert fake.headers[0]["Authorization"] == "Bearer sk-12345"
    assert "sk-12345" not in str(caught.value)
    settings = OpenAI(url=fake.url, api_key_env="MY_KEY")
    assert "sk-12345" not in repr(settings) + json.dumps(
        settings.open(ModelSource("fake", "fake")).describe()
    )


def test_without_a_key_no_header_is_sent(serve) -> None:
    fake = serve(echo)
    ask(fake, [(0, 0)])
    assert "Authorization" not in fake.headers[0]


def test_a_key_variable_that_is_not_there_is_an_error(serve) -> None:
    with pytest.raises(InputError, match="--api-key-env NO_SUCH_VARIABLE"):
        ask(serve(echo), api_key_env="NO_SUCH_VARIABLE")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (None, "no server named"),
        ("127.0.0.1:8000", "http://"),
        ("ftp://x/v1", "http://"),
        ("http://me:secret@x/v1", "no user, password"),
        ("http://x:port/v1", "not an address"),
    ],
)
def test_a_bad_address_is_an_error(serve, url, message) -> None:
    with pytest.raises(InputError, match=message) as caught:
        OpenAI(url=url).open(ModelSource("m", "m"))
    assert "secret" not in str(caught.value)


def test_the_address_may_stand_in_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://host:1/api/v1/")
    assert OpenAI().base_url == "http://host:1/api/v1"


def test_an_address_without_path_gets_the_usual_one() -> None:
    assert OpenAI(url="http://[::1]:8000").base_url == "http://[::1]:8000/v1"


def test_the_only_model_of_a_server_is_the_default(serve) -> None:
    assert OpenAI(url=serve(echo, models=["one"]).url).served(None) == "one"
    with pytest.raises(InputError, match="has several: a, b"):
        OpenAI(url=serve(echo, models=["a", "b"]).url).served(None)


def test_a_server_that_is_not_there_is_one_line(serve) -> None:
    fake = serve(echo)
    fake.stop()
    with pytest.raises(CodeEditError, match=f"{fake.url}: the server cannot be reached; start it"):
        OpenAI(url=fake.url).served(None)


def test_without_tokenizer_prompts_are_estimated_by_bytes(serve) -> None:
    engine = OpenAI(url=serve(echo).url).open(ModelSource("fake", "fake"))
    assert engine.budget(100).count(["x" * 30, "é" * 30]) == [10, 20]
    assert engine.describe()["prompt_tokens_by"] == "estimated"


def test_a_named_models_tokenizer_counts(serve, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path))
    engine = OpenAI(url=serve(echo).url, tokenizer="tiny").open(ModelSource("fake", "fake"))
    assert engine.budget(100).count(["return"]) == [len(engine.tokenizer("return")["input_ids"])]
    assert engine.describe()["prompt_tokens_by"] == "tiny"
