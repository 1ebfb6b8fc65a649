"""Secrets that lines beside them give away, lists of them, and keys in addresses; and what looks alike."""

# ruff: noqa: E501 - lines of code

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")
HEX = "3f9ac1d27be84056a1c9e07f5d2b8846"
HEX64 = "9c41e7a05d3b82f6c07e19ad4f68b2359c41e7a0bd3582f6c07e91ad4f86b253"
WORD = "Kx8mQ2pLw9Zt"
CHOSEN = "harborTeal83%"
SIMPLE = "bosun5017"
NUMBERS = "112, 69, 22, 105, 10, 100, 99, 80, 127, 47, 84, 17, 69, 39, 33, 105"
SIGNED = "112, 69, -22, -105, 10, -100, 99, -80, -127, 47, 84, -17, 69, -39, -33, -105"
CODES = ["eb42f-01b4d", "23a39-71b20"]

ADDRESSES = [
    f'url: "https://mainnet.infura.io/v3/{HEX}"',
    f"RPC=wss://mainnet.infura.io/ws/v3/{HEX}",
    f"fetch(`https://eth-mainnet.g.alchemy.com/v2/{HEX}`)",
    f"https://rpc.ankr.com/eth_sepolia/{HEX}{HEX}",
    f"curl https://api.weather.io/data/2.5/weather?q=Oslo&appid={HEX}",
    f"https://api.some.org/v1/x?units=metric&api_key={HEX}",
    f"https://events.pagerduty.com/integration/{HEX}/enqueue",
    f"curl -X POST https://api.netlify.com/build_hooks/{HEX[:24]}",
]
KEYS = [
    f"accounts: ['0x{HEX64}'],",
    f'accounts: [\n  "0x{HEX64}",\n  // the second one\n  "0x{HEX64[::-1]}",\n]',
    f"signer: 0x{HEX64}",
    f"private_keys:\n  - 0x{HEX64}\n  - 0x{HEX64[::-1]}",
    f"cast send --private-key 0x{HEX64} --rpc-url x",
    f"SIGNKEY := {HEX64}",
    f"HMACKEY={HEX64}",
    f'val privkey = "{HEX64}"',
]
BYTES = [
    f"private static final byte[] HMAC_SALT = {{{SIGNED}}};",
    f"val aesKey = byteArrayOf(\n    {SIGNED[:38]}\n    {SIGNED[39:]}\n)",
    f"local hmac_secret = {{{NUMBERS}}}",
    f"const SECRET: [u8; 16] = [{NUMBERS}];",
    f"secret_key = bytes([{NUMBERS}])",
    f"const signingKey = new Uint8Array([{NUMBERS}]);",
    f"std::array<std::uint8_t, 16> kDesKey = {{\n  {NUMBERS}}};",
    f"var macKey = []byte{{{NUMBERS}}}",
    'key = b"' + "".join(f"\\x{int(n):02x}" for n in NUMBERS.split(", ")) + '"',
    f"static const uint8_t aes_iv[16] = {{{NUMBERS}}};",
]
SERVICES = [
    (f"rocommunity {WORD} 10.20.0.0/16", WORD),
    (f"rwcommunity6 {WORD} default", WORD),
    (f"com2sec readonly default {WORD}", WORD),
    (f'createUser ops SHA-256 "{CHOSEN}" AES "{WORD}"', CHOSEN),
    (f"snmpwalk -v2c -c {WORD} 10.20.0.5", WORD),
    (f'snmpget -v3 -u ops -a SHA -A "{CHOSEN}" -x AES -X "{WORD}" sw1', CHOSEN),
    (f'snmpget -v3 -u ops -a SHA -A "{CHOSEN}" -x AES -X "{WORD}" sw1', WORD),
    (f'createUser ops SHA-256 "{CHOSEN}" AES "{WORD}"', WORD),
    (f"lftp -u prices,'{CHOSEN}' sftp://ftp.shop.io", CHOSEN),
    (f"chpasswd:\n  list: |\n    root:{WORD}\n", WORD),
    ("chpasswd <<EOF\nroot:ShCjTeeIgDTcHManEU\nEOF\n", "ShCjTeeIgDTcHManEU"),
    ("a:$apr1$LOlHCaDe$W6LaDReHqm7cyGm4HRzqil\nprint:BKuSiwlH2uJ0d\n", "BKuSiwlH2uJ0d"),
    (f"* LUKS passphrase of /dev/sdb: {CHOSEN}", CHOSEN),
    (f"#!/bin/sh\n# prints the vault password\nset -e\necho '{WORD}'\n", WORD),
]
PAIRS = [
    f'USERS = [\n    ("maren.oduya@kestrel.dev", "{CHOSEN}"),\n]',
    f'listOf("maren@kestrel.dev" to "{CHOSEN}")',
    f'{{"maren@kestrel.dev", "{CHOSEN}"}},',
    f'Connection("ldaps://dc01", "cn=admin,dc=kestrel,dc=dev", "{CHOSEN}", auto_bind=True)',
    f"conn.simple_bind_s('uid=svc,ou=x,dc=kestrel,dc=dev', '{CHOSEN}')",
]
DEFAULTS = [
    f'    #[arg(long, default_value = "{SIMPLE}")]\n    password: String,',
    f'  @Value("{SIMPLE}")\n  private String dbPassword;',
    f'  @Option(names = "-p", defaultValue = "{SIMPLE}")\n  @Hidden\n  String password;',
    f'[DefaultValue("{SIMPLE}")]\npublic string Password {{ get; set; }}',
    f'\tPassword string `default:"{SIMPLE}"`',
]
DIGITS = [
    ('constexpr std::string_view kServicePin = "423847";', "423847"),
    ('val alarmPIN = "4238"', "4238"),
    ('alarm_control_panel:\n  - platform: manual\n    code: "0567"\n', "0567"),
    ("Door code for the lab: 110983#", "110983"),
    ("The gate code is 4821#.", "4821"),
    ("pin_code: 4821", "4821"),
    ('Codes = new() {\n  ["recovery1"] = "R31737",\n}', "R31737"),
    ("# Backup codes\n1. 4821 9930\n2. 1123 5813\n", "1123 5813"),
]
LEFT = [
    "val longest = maxOf(this@interleave.size, other.size)",
    "super@Outer.render()\nreturn@forEach.run()\nbreak@loop.next",
    "https://mainnet.infura.io/v3/YOUR-PROJECT-ID",
    "https://api.some.org/?appid=wx1234567890abcdef",
    f'let txHash = "0x{HEX64}";',
    f"accounts(root = 0x{HEX64})",
    f'sha256 = "{HEX64}"',
    f"integrity: {HEX64}",
    f"commit {HEX64[:40]}",
    "[user]\n\tsigningkey = 9289C957FFDE1F5F\n",
    f"const uint8_t offsets[] = {{{NUMBERS}}};",
    "uint8_t fips_key[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};",
    'SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"',
    "string(credentialsId: '0295da3e-d520-408b-a5fd-b8e1d02b6846', variable: 'TOKEN')",
    "rocommunity public default",
    'conn.search("ou=x,dc=kestrel,dc=dev", "subtree")',
    '    #[arg(long, default_value = "level3a")]\n    output: String,',
    "#!/bin/sh\n# builds it\necho 'Kx8mQ2pLw9Zt'\n",
    "http:\n  status: 404\n  code: 4041\n",
    "doors:\n  open: true\n\ncode: 4041\n",
    "Error codes:\n * eb42f-01b4d\n",
    "## Recovery codes\n\nUsers log in with them.\n\n1. Open the settings\n2. Click on them\n",
    "const int ledPin = 13;",
    "name:MyClassName12\n",
]


def kept(text):
    """Tell what stays of a text."""
    redacted = ANONYMIZER.redact(text).text
    assert ANONYMIZER.redact(redacted).text == redacted
    return redacted


@pytest.mark.parametrize("text", ADDRESSES)
def test_a_key_in_an_address_goes_and_the_address_stays(text):
    start = text.index(HEX[:24])
    assert kept(text)[:start] == text[:start]
    assert HEX[:8] not in kept(text)


@pytest.mark.parametrize("text", KEYS)
def test_a_key_of_32_bytes_goes_whose_name_or_list_tells_of_it(text):
    assert HEX64[:8] not in kept(text)
    assert HEX64[::-1][:8] not in kept(text)


def test_bytes_in_short_lines_go():
    numbers = [0xA1, 0x3C, 0x77, 0x10, 0xF2, 0x4E, 0x99, 0x05]
    rust = "const KEY: &[u8] = &[\n" + "".join(f"    {a:#04x}, {a ^ 91:#04x},\n" for a in numbers) + "];"
    assert "0x4e" not in kept(rust)


@pytest.mark.parametrize("text", BYTES)
def test_a_key_written_in_numbers_goes(text):
    assert "112, 69" not in kept(text)
    assert "105" not in kept(text)
    assert "\\x45\\x16" not in kept(text)


@pytest.mark.parametrize(("text", "value"), SERVICES)
def test_a_password_in_a_services_file_goes(text, value):
    assert value[:8] not in kept(text)


@pytest.mark.parametrize("text", PAIRS)
def test_the_second_of_a_pair_with_a_mail_address_or_a_distinguished_name_goes(text):
    assert CHOSEN[:8] not in kept(text)


@pytest.mark.parametrize("text", DEFAULTS)
def test_the_default_of_a_field_goes_whose_name_promises_a_password(text):
    assert SIMPLE not in kept(text)


@pytest.mark.parametrize(("text", "value"), DIGITS)
def test_a_code_of_digits_goes(text, value):
    assert value not in kept(text)


@pytest.mark.parametrize("code", CODES)
def test_recovery_codes_below_their_heading_go(code):
    text = "GitHub recovery codes (ops), printed\nKeep them\n\n" + "".join(f" * {c}\n" for c in CODES)
    assert code not in kept(text)


@pytest.mark.parametrize("text", LEFT)
def test_what_looks_alike_is_left(text):
    assert ANONYMIZER.redact(text).text == text


def test_a_mail_addresss_partner_that_is_no_password_stays():
    text = '("maren@kestrel.dev", "2024-03-01")\n("maren@kestrel.dev", "Engineering")\n("maren@kestrel.dev", "admin")\n'
    assert {span.kind for span in ANONYMIZER.redact(text).spans} == {"email"}
    text = '"hmac-256-etm@kestrel.dev", "hmac-sha2-256", "hmac-sha1",'
    assert '"hmac-sha2-256", "hmac-sha1"' in kept(text)


def test_only_the_key_of_an_address_with_a_user_goes():
    text = f"stringData:\n  sentry-dsn: https://{HEX}@o940980.ingest.sentry.io/7748909\n"
    assert kept(text).replace(HEX, "").endswith("@o940980.ingest.sentry.io/7748909\n")
    assert kept(text).startswith("stringData:\n  sentry-dsn: https://")
    assert HEX not in kept(text)
