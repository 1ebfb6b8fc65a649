"""Code with planted values parses after redaction as it did before, in all ten languages."""

import base64
import random
import string

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.syntax import parse

ANONYMIZER = Anonymizer(b"a key for tests")
SHELLS = {  # a file around statements
    "python": ("import os\n\n\ndef run(self):\n", "    ", "\n    return None\n"),
    "javascript": ("function run() {\n", "  ", "\n  return null;\n}\n"),
    "typescript": ("function run(): null {\n", "  ", "\n  return null;\n}\n"),
    "java": ("class Box {\n  void run() {\n", "    ", "\n  }\n}\n"),
    "kotlin": ("fun run() {\n", "  ", "\n}\n"),
    "go": ("package box\n\nfunc run() {\n", "\t", "\n}\n"),
    "rust": ("fn run() {\n", "    ", "\n}\n"),
    "c": ("void run(void) {\n", "  ", "\n}\n"),
    "cpp": ("void run() {\n", "  ", "\n}\n"),
    "lua": ("local function run()\n", "  ", "\nend\n"),
}
STATEMENTS = {
    "python": [
        'password = "{}"',
        'connect(host, user="mdvorak", password="{}")',
        "# token: {}, ask Renate Voss",
    ],
    "javascript": ["const apiKey = '{}';", "login({{ user: 'mdvorak', password: \"{}\" }});", "// token: {}"],
    "typescript": ["const apiKey: string = '{}';", "login({{ user: 'mdvorak', password: \"{}\" }});"],
    "java": ['String password = "{}";', 'login("mdvorak", "{}".toCharArray());', "/* token {} */"],
    "kotlin": ['val password = "{}"', 'login(user = "mdvorak", password = "{}")', "// by Renate Voss: {}"],
    "go": ['password := "{}"', 'login("mdvorak", "{}")', 'm := map[string]string{{"mdvorak": "{}"}}'],
    "rust": ['let password = "{}";', 'login("mdvorak", "{}");', 'let key = b"{}";'],
    "c": ['const char *password = "{}";', 'login("mdvorak", "{}");', "/* token: {} */"],
    "cpp": ['std::string password{{"{}"}};', 'auto token = std::string("{}");', "// token: {}"],
    "lua": ['local password = "{}"', 'login("mdvorak", "{}")', "-- token: {}"],
}
BYTES = {
    "python": "key = bytes([0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F])",
    "javascript": "const aesKey = [0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F];",
    "typescript": "const aesKey = [0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F];",
    "java": "byte[] aesKey = {0x3C, 0x42, 0x1B, 0x27, 0x46, 0x4E, 0x7C, 0x3F};",
    "kotlin": "val aesKey = byteArrayOf(0x3C, 0x42, 0x1B, 0x27, 0x46, 0x4E, 0x7C, 0x3F)",
    "go": "aesKey := []byte{0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F}",
    "rust": "let aes_key = [0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F];",
    "c": r'const char *aes_key = "\x3c\x42\xbb\xa7\xc6\x4e\xfc\x3f";',
    "cpp": "const uint8_t aesKey[] = {0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F};",
    "lua": r'local aes_key = "\x3c\x42\xbb\xa7\xc6\x4e\xfc\x3f"',
}


def values(chance: random.Random) -> list[str]:
    letters = string.ascii_letters + string.digits
    return [
        "".join(chance.choices(letters, k=chance.choice([12, 20, 32, 40]))),
        "ghp_" + "".join(chance.choices(letters, k=36)),
        base64.b64encode(chance.randbytes(32)).decode(),
        chance.choice(["Copper", "Harbor", "Falcon"])
        + chance.choice("!@#")
        + str(chance.randrange(10, 9999)),
        "postgres://app:" + "".join(chance.choices(letters, k=16)) + "@db.corp.io/shop",
        "-".join(chance.choices(["tulip", "cargo", "ember", "saddle"], k=3)) + f"-{chance.randrange(10, 99)}",
    ]


def errors(code: str, language: str) -> int:
    count, nodes = 0, [parse(code, language).root_node]
    while nodes:
        node = nodes.pop()
        count += node.is_error or node.is_missing
        nodes.extend(node.children)
    return count


@pytest.mark.parametrize("language", SHELLS)
def test_redacted_code_has_no_new_errors(language):
    head, indent, tail = SHELLS[language]
    chance = random.Random(language)
    lines = [line.format(value) for line in STATEMENTS[language] for value in values(chance)]
    code = head + "\n".join(indent + line for line in [*lines, BYTES[language]]) + tail
    redacted = ANONYMIZER.redact(code)
    assert len(redacted.spans) >= len(lines) // 2  # most of the planted values, so that this says something
    assert errors(redacted.text, language) == errors(code, language) == 0
