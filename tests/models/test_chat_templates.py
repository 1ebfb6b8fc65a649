"""The paper's families: prompts through their chat templates, and answers in their styles.

The templates here are written for these tests, as short as a system message and a user's allow.  Qwen's are
compared with the originals where trl is installed, which has those; Mistral's with what mistral-common,
Mistral's own implementation, makes of the same chat with the vocabulary of Mistral-7B-Instruct-v0.3;
DeepSeek-Coder's is as its card has it.
"""

import importlib.util
from pathlib import Path

import pytest

from codeedit.models import MODELS, load_tokenizer, make_tiny
from codeedit.models.table import SystemRole, Thinking
from codeedit.pipeline.prompt_builder import Budget, build, parse
from codeedit.records import HistoryEdit, Origin, Task

FAMILIES = {
    "qwen2.5-coder-7b": "qwen2_5",
    "qwen2.5-3b": "qwen2_5",
    "qwen3-8b": "qwen3",
    "mistral-7b-v0.3": "mistral",
    "deepseek-coder-6.7b": "deepseek",
}
_TURNS = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
)
OWN = {
    "qwen2_5": _TURNS + "{% endif %}",
    "qwen3": (
        _TURNS + "{% if enable_thinking is defined and not enable_thinking %}"
        "{{ '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}"
    ),
    "mistral": (
        "<s>{% for m in messages %}{% if m.role == 'user' %}[INST] "
        "{% if loop.index0 == 1 and messages[0].role == 'system' %}"
        "{{ messages[0].content + '\n\n' }}{% endif %}"
        "{{ m.content }}[/INST]{% endif %}{% endfor %}"
    ),
    "deepseek": (
        "{% for m in messages %}{% if m.role == 'system' %}{{ m.content }}"
        "{% elif m.role == 'user' %}{{ '### Instruction:\n' + m.content + '\n' }}"
        "{% else %}{{ '### Response:\n' + m.content + '\n<|EOT|>\n' }}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ '### Response:\n' }}{% endif %}"
    ),
}
ORIGINAL = "def volume(r):\n    return 4 / 3 * math.pi * r ** 3"
EDIT = "def volume(radius):\n    return 4 / 3 * math.pi * radius ** 3"
TASK = Task(
    id="sample",
    source="made",
    session="s",
    project="p",
    path="shapes.py",
    language="python",
    origin=Origin.HUMAN,
    time_ms=0,
    code=f"import math\n\n\n{ORIGINAL}\n",
    edit_start=14,
    edit_end=14 + len(ORIGINAL),
    cursor=14,
    history=(HistoryEdit("shapes.py", "@@ -1 +1 @@\n-a\n+b\n", 1000),),
    hint="rename r",
    edit=EDIT,
    no_change=False,
)


@pytest.fixture(params=FAMILIES)
def family(request):
    """A model's row, and tiny's tokenizer with the family's chat template."""
    tokenizer = load_tokenizer(str(make_tiny()))
    tokenizer.chat_template = OWN[FAMILIES[request.param]]
    return MODELS[request.param].chat, tokenizer


def rendered(tokenizer, messages, **more):
    return tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False, **more)


def built(tokenizer):
    prompt = build(TASK, budget=Budget.for_tokenizer(tokenizer, 4096))
    return prompt, rendered(tokenizer, prompt.messages)


def test_an_answer_begins_behind_the_rows_opening(family):
    chat, tokenizer = family
    assert built(tokenizer)[1].endswith(chat.opening)


def test_every_message_reaches_the_model(family):
    prompt, text = built(family[1])
    assert [message["role"] for message in prompt.messages] == ["system", "user"]
    assert all(message["content"].strip() in text for message in prompt.messages)


def test_the_system_prompt_stands_where_the_row_says(family):
    chat, tokenizer = family
    prompt, text = built(tokenizer)
    before = text[: text.index(prompt.messages[0]["content"].strip())]
    begins = {
        SystemRole.OWN: "<|im_start|>system\n",
        SystemRole.USER: "[INST] ",
        SystemRole.BARE: "",
    }[chat.system]
    assert before.removeprefix("<s>") == begins


def test_the_budget_counts_the_whole_prompt(family):
    _, tokenizer = family
    prompt, text = built(tokenizer)
    assert prompt.tokens == len(tokenizer(text, add_special_tokens=False)["input_ids"])


@pytest.mark.parametrize("family", [name for name in FAMILIES if "mistral" not in name], indirect=True)
def test_an_end_of_turn_is_one_of_the_rows_stops(family):
    chat, tokenizer = family
    turn = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "answered"}]
    text = tokenizer.apply_chat_template(turn, tokenize=False)
    assert text.rpartition("answered")[2].strip() == chat.stops[0]


@pytest.mark.parametrize(
    ("switch", "block"), [({}, ""), ({"enable_thinking": False}, "<think>\n\n</think>\n\n")]
)
def test_qwen3_thinks_unless_it_is_switched_off(switch, block):
    tokenizer = load_tokenizer(str(make_tiny()))
    tokenizer.chat_template = OWN["qwen3"]
    chat = MODELS["qwen3-4b"].chat
    assert chat.thinking is Thinking.SWITCH
    assert rendered(tokenizer, [{"role": "user", "content": "q"}], **switch).endswith(chat.opening + block)


@pytest.mark.parametrize("family", [name for name in FAMILIES if "qwen3" not in name], indirect=True)
def test_no_other_family_can_be_made_to_think(family):
    _, tokenizer = family
    messages = [{"role": "user", "content": "q"}]
    assert rendered(tokenizer, messages, enable_thinking=False) == rendered(tokenizer, messages)


@pytest.mark.parametrize("kind", ["qwen2_5", "qwen3"])
@pytest.mark.parametrize("switch", [{}, {"enable_thinking": False}])
def test_qwens_originals_make_the_same_of_the_chat(kind, switch):
    spec = importlib.util.find_spec(
        "trl"
    )  # verl does not work beside newer ones, so that it is no dependency
    if spec is None or not spec.origin:
        pytest.skip("trl, which has the originals, is not installed")
    file = Path(spec.origin).parent / "chat_templates" / f"{kind}.jinja"
    tokenizer = load_tokenizer(str(make_tiny()))
    texts = []
    for chat_template in (OWN[kind], file.read_text(encoding="utf-8")):
        tokenizer.chat_template = chat_template
        prompt = build(TASK, budget=Budget.for_tokenizer(tokenizer, 4096))
        texts.append(rendered(tokenizer, prompt.messages, **switch))
    assert texts[0] == texts[1]


def test_mistrals_own_library_makes_the_same_of_the_chat():
    mistral = pytest.importorskip("mistral_common.tokens.tokenizers.mistral")
    pytest.importorskip("sentencepiece")
    from mistral_common.protocol.instruct.messages import SystemMessage, UserMessage
    from mistral_common.protocol.instruct.request import ChatCompletionRequest

    library = mistral.MistralTokenizer.v3()
    assert library.instruct_tokenizer.tokenizer.n_words == MODELS["mistral-7b-v0.3"].sizes.vocabulary
    tokenizer = load_tokenizer(str(make_tiny()))
    tokenizer.chat_template = OWN["mistral"]
    system, user = build(TASK, budget=Budget.for_tokenizer(tokenizer, 4096)).messages
    chat = [SystemMessage(content=system["content"]), UserMessage(content=user["content"])]
    theirs = library.encode_chat_completion(ChatCompletionRequest(messages=chat)).text
    assert theirs.replace("▁", " ").replace("<0x0A>", "\n") == rendered(tokenizer, [system, user])


ANSWERS = {
    "bare": EDIT,
    "a fence, as Qwen2.5-Coder likes": f"```python\n{EDIT}\n```",
    "chatter and a fence, as Mistral likes": f"Sure! Here it is:\n\n```python\n{EDIT}\n```\n\nI renamed r.",
    "a leading space, as Mistral's tokens begin": f" ```python\n{EDIT}\n```",
    "a thought, as Qwen3": f"<think>\nThe parameter is renamed.\n</think>\n\n{EDIT}",
    "a thought and a fence, as Qwen3": f"<think>\nRename it.\n</think>\n\n```python\n{EDIT}\n```",
    "an empty thought, as Qwen3 with thinking off": f"<think>\n\n</think>\n\n{EDIT}",
    "a thought that the prompt opened": f"The parameter is renamed.\n</think>\n\n{EDIT}",
    "a line end first, as DeepSeek-Coder": f"```python\n{EDIT}\n```\n",
}


@pytest.mark.parametrize("style", ANSWERS)
def test_answers_are_read_in_every_familys_style(style):
    assert parse(ANSWERS[style], original=ORIGINAL).text == EDIT


def test_a_thought_that_is_cut_off_is_no_answer():
    assert parse("<think>\nThe parameter is", original=ORIGINAL).text is None
