"""Tokens with a published format, as data: what a provider's tokens begin with and consist of.

Each row is (kind, prefixes, body).  The body is a regular expression of character classes; it may be longer
than the published one where the provider says that lengths change.  Rows of one prefix are tried in turn.
Formats that have no prefix (Discord, Telegram, Azure) are in `structures`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_ROWS: tuple[tuple[str, str, str], ...] = (
    # Code hosts and package registries
    ("github_token", "ghp_ gho_ ghu_ ghs_ ghr_", r"[A-Za-z0-9]{30,255}"),
    ("github_token", "github_pat_", r"[A-Za-z0-9_]{40,255}"),
    (
        "gitlab_token",
        "glpat- gldt- glft- glsoat- glrt- glcbt- glptt- glimt- glagent- glrtr- gloas-",
        r"[A-Za-z0-9_\-.]{18,128}",
    ),
    ("gitlab_token", "GR1348941", r"[A-Za-z0-9_-]{20}"),
    ("bitbucket_token", "ATBB", r"[A-Za-z0-9]{28,40}"),
    ("atlassian_token", "ATATT3 ATCTT3 ATSTT3", r"[A-Za-z0-9_\-=]{80,400}"),
    ("npm_token", "npm_", r"[A-Za-z0-9]{36}"),
    ("pypi_token", "pypi-", r"[A-Za-z0-9_-]{60,400}"),
    ("rubygems_token", "rubygems_", r"[a-f0-9]{48}"),
    ("crates_token", "cio", r"[A-Za-z0-9]{32}"),
    ("nuget_key", "oy2", r"[a-z0-9]{43}"),
    ("clojars_token", "CLOJARS_", r"[a-z0-9]{60}"),
    ("docker_token", "dckr_pat_ dckr_oat_", r"[A-Za-z0-9_-]{27,40}"),
    ("jfrog_token", "AKCp", r"[A-Za-z0-9]{65,75}"),
    ("jfrog_token", "cmVmdGtu", r"[A-Za-z0-9]{56}"),
    ("sourcegraph_token", "sgp_ sgd_ slk_", r"(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40,64}"),
    ("packagist_token", "packagist_ort_ packagist_ack_ packagist_out_ packagist_uut_", r"[a-f0-9]{60,80}"),
    # Clouds
    ("aws_access_key_id", "AKIA ASIA ABIA ACCA", r"[A-Z0-9]{16}"),
    ("aws_bedrock_key", "ABSK", r"[A-Za-z0-9+/]{100,270}={0,2}"),
    ("google_api_key", "AIza", r"[A-Za-z0-9_-]{33,40}"),
    ("google_oauth_secret", "GOCSPX-", r"[A-Za-z0-9_-]{24,36}"),
    ("google_oauth_token", "ya29.", r"[A-Za-z0-9_-]{30,1200}"),
    ("google_refresh_token", "1//0", r"[A-Za-z0-9_-]{30,200}"),
    ("digitalocean_token", "dop_v1_ doo_v1_ dor_v1_", r"[a-f0-9]{64}"),
    ("alibaba_key", "LTAI", r"[A-Za-z0-9]{16,24}"),
    ("tencent_key", "AKID", r"[A-Za-z0-9]{32}"),
    ("yandex_key", "AQVN", r"[A-Za-z0-9_-]{35,38}"),
    ("yandex_token", "t1.", r"[A-Za-z0-9_-]{8,}={0,2}\.[A-Za-z0-9_-]{60,120}={0,2}"),
    ("ibm_cloud_key", "ApiKey-", r"[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}"),
    ("scaleway_key", "SCW", r"[A-Z0-9]{17}"),
    ("flyio_token", "fo1_ fm1_ fm1a_ fm1r_ fm2_", r"[A-Za-z0-9_\-+/=,.]{40,600}"),
    ("heroku_key", "HRKU-", r"[A-Za-z0-9_-]{36,65}"),
    ("netlify_token", "nfp_ nfc_ nfo_ nfu_", r"[A-Za-z0-9]{36,40}"),
    ("vercel_token", "vcp_ vci_ vca_ vcr_ vck_", r"[A-Za-z0-9]{24,64}"),
    ("render_key", "rnd_", r"[A-Za-z0-9]{28,36}"),
    ("cloudflare_key", "v1.0-", r"[a-f0-9]{24}-[a-f0-9]{100,150}"),
    ("pulumi_token", "pul-", r"[a-f0-9]{40}"),
    ("terraform_token", "tfp_ tfe_", r"[A-Za-z0-9]{30,60}"),
    (
        "doppler_token",
        "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.",
        r"(?:[a-z0-9_-]{2,40}\.)?[A-Za-z0-9]{40,44}",
    ),
    ("vault_token", "hvs. hvb. hvr.", r"[A-Za-z0-9_-]{24,300}"),
    ("openshift_token", "sha256~", r"[A-Za-z0-9_-]{43}"),
    ("onepassword_token", "ops_ey", r"[A-Za-z0-9+/=_-]{60,1200}"),
    ("infracost_key", "ico-", r"[A-Za-z0-9]{32}"),
    ("age_secret_key", "AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    ("tailscale_key", "tskey-", r"(?:[a-z]{2,10}-)?[A-Za-z0-9]{8,}-[A-Za-z0-9]{16,64}"),
    ("planetscale_token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[A-Za-z0-9_\-.=]{32,64}"),
    ("supabase_key", "sbp_ sb_secret_", r"[A-Za-z0-9_]{30,64}"),
    ("neon_key", "napi_", r"[a-z0-9]{40,70}"),
    ("databricks_token", "dapi", r"[a-f0-9]{32}(?:-\d)?"),
    ("dynatrace_token", "dt0c01. dt0s01. dt0s16.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    # Models
    ("openai_key", "sk-proj- sk-svcacct- sk-admin- sk-None-", r"[A-Za-z0-9_-]{40,300}"),
    ("anthropic_key", "sk-ant-", r"[A-Za-z0-9_-]{60,200}"),
    ("openrouter_key", "sk-or-v1- sk-or-", r"[a-f0-9]{64}"),
    ("openai_key", "sk-", r"[A-Za-z0-9]{32,64}"),
    ("huggingface_token", "hf_ api_org_", r"[A-Za-z0-9]{34,40}"),
    ("replicate_token", "r8_", r"[A-Za-z0-9]{37,40}"),
    ("groq_key", "gsk_", r"[A-Za-z0-9]{48,56}"),
    ("xai_key", "xai-", r"[A-Za-z0-9]{70,90}"),
    ("perplexity_key", "pplx-", r"[A-Za-z0-9]{40,56}"),
    ("fireworks_key", "fw_", r"[A-Za-z0-9]{22,26}"),
    ("nvidia_key", "nvapi-", r"[A-Za-z0-9_-]{60,70}"),
    ("langsmith_key", "lsv2_pt_ lsv2_sk_ ls__", r"[a-f0-9]{32}(?:_[a-f0-9]{10})?"),
    ("pinecone_key", "pcsk_", r"[A-Za-z0-9]{4,8}_[A-Za-z0-9]{50,70}"),
    ("tavily_key", "tvly-", r"(?:dev-|prod-)?[A-Za-z0-9]{30,36}"),
    ("langfuse_key", "sk-lf-", r"[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}"),
    ("wandb_key", "wandb_v1_", r"[A-Za-z0-9_-]{40,90}"),
    # Talk and mail
    (
        "slack_token",
        "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxo- xoxc- xoxd- xoxe.xoxp- xoxe.xoxb-",
        r"[A-Za-z0-9%/+\-]{20,260}",
    ),
    ("slack_token", "xapp-", r"\d-[A-Z0-9]{8,14}-\d{8,14}-[a-f0-9]{40,70}"),
    ("sendgrid_key", "SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}"),
    ("twilio_key", "SK", r"[a-f0-9]{32}"),
    ("mailgun_key", "key-", r"[a-f0-9]{32}"),
    ("sendinblue_key", "xkeysib- xsmtpsib-", r"[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    ("postman_key", "PMAK- PMAT-", r"[a-f0-9A-Z]{24,26}(?:-[a-f0-9]{34})?"),
    ("resend_key", "re_", r"[A-Za-z0-9]{8}_[A-Za-z0-9]{20,30}"),
    ("intercom_token", "dG9rO", r"[A-Za-z0-9+/]{48,60}={0,2}"),
    ("frameio_token", "fio-u-", r"[A-Za-z0-9_\-=]{64}"),
    ("typeform_token", "tfp_", r"[A-Za-z0-9_\-.]{44}_[A-Za-z0-9]{14}"),
    ("airtable_token", "pat", r"[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("notion_token", "secret_", r"[A-Za-z0-9]{43}"),
    ("notion_token", "ntn_", r"[A-Za-z0-9]{40,50}"),
    ("linear_key", "lin_api_ lin_oauth_", r"[A-Za-z0-9]{40,64}"),
    ("asana_token", "1/", r"\d{16}:[a-f0-9]{32}"),
    ("figma_token", "figd_ figo_ figor_ figoh_ figu_ figur_", r"[A-Za-z0-9_-]{38,60}"),
    ("discord_token", "mfa.", r"[A-Za-z0-9_-]{80,90}"),
    ("ngrok_token", "ngrok-api-", r"[A-Za-z0-9_]{40,60}"),
    # Money and shops
    (
        "stripe_key",
        "sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_ sk_org_live_",
        r"[A-Za-z0-9]{20,247}",
    ),
    ("stripe_key", "whsec_", r"[A-Za-z0-9+/=]{28,64}"),
    ("shopify_token", "shpat_ shpca_ shppa_ shpss_ shpua_", r"[a-fA-F0-9]{32}"),
    ("square_token", "EAAA EAAAE EAAAl", r"[A-Za-z0-9_-]{58,62}"),
    ("square_secret", "sq0csp- sq0atp-", r"[A-Za-z0-9_-]{22,45}"),
    ("paypal_token", "access_token$production$ access_token$sandbox$", r"[a-z0-9]{16}\$[a-f0-9]{32}"),
    ("razorpay_key", "rzp_live_ rzp_test_", r"[A-Za-z0-9]{14}"),
    ("flutterwave_key", "FLWSECK-", r"[a-f0-9A-Za-z]{32,36}-X"),
    ("flutterwave_key", "FLWSECK_TEST-", r"[a-f0-9A-Za-z]{12,36}(?:-X)?"),
    (
        "plaid_token",
        "access-sandbox- access-development- access-production-",
        r"[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}",
    ),
    ("adyen_key", "AQE", r"[a-z0-9]{1,2}[A-Za-z0-9+/=\-_.,:;*<>()\[\]{}&%$#!?~^|]{90,400}"),
    ("paystack_key", "sk_live_ sk_test_", r"[a-f0-9]{40}"),
    ("duffel_token", "duffel_test_ duffel_live_", r"[A-Za-z0-9_\-=]{43}"),
    ("easypost_key", "EZAK EZTK", r"[A-Za-z0-9]{54}"),
    ("shippo_token", "shippo_live_ shippo_test_", r"[a-f0-9]{40}"),
    ("lob_key", "live_ test_", r"[a-f0-9]{35}"),
    # Watching, building, searching
    ("grafana_token", "glsa_", r"[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    ("grafana_token", "glc_", r"[A-Za-z0-9+/]{32,400}={0,2}"),
    ("newrelic_key", "NRAK-", r"[A-Z0-9]{27}"),
    ("newrelic_key", "NRII- NRIQ- NRRA- NRJS- NRAA-", r"[A-Za-z0-9_-]{19,42}"),
    ("sentry_token", "sntrys_", r"[A-Za-z0-9+/=_-]{60,400}"),
    ("sentry_token", "sntryu_ sntryi_", r"[a-f0-9]{64}"),
    ("honeycomb_key", "hcaik_ hcamk_ hcbik_", r"[a-z0-9]{50,70}"),
    ("circleci_token", "CCIPAT_ CCIPRJ_", r"[A-Za-z0-9]{22}_[a-fA-F0-9]{40}"),
    ("buildkite_token", "bkua_ bkaj_ bkpt_ bkct_", r"[A-Za-z0-9]{30,64}"),
    ("prefect_key", "pnu_ pnb_", r"[A-Za-z0-9]{36}"),
    ("sonar_token", "sqp_ sqa_ squ_ sqb_", r"[a-f0-9]{40}"),
    ("snyk_token", "snyk_uat. snyk_sat.", r"[a-f0-9]{8}\.[A-Za-z0-9_\-.]{40,700}"),
    ("posthog_key", "phx_ phs_", r"[A-Za-z0-9_]{40,52}"),
    ("launchdarkly_key", "sdk- mob-", r"[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}"),
    ("readme_key", "rdme_", r"[a-z0-9]{70}"),
    ("dropbox_token", "sl.u.", r"[A-Za-z0-9_-]{60,1400}"),
    ("dropbox_token", "sl.", r"[A-Za-z0-9_-]{100,1400}"),
    ("facebook_token", "EAAC EAAB EAAG EAAD EAAF EAAE EAAH EAAJ", r"[A-Za-z0-9]{80,300}"),
    ("mapbox_token", "sk.eyJ tk.eyJ", r"[A-Za-z0-9_-]{40,100}\.[A-Za-z0-9_-]{20,24}"),
    ("contentful_token", "CFPAT-", r"[A-Za-z0-9_-]{43}"),
    ("hubspot_token", "pat-na1- pat-eu1- pat-na2- pat-ap1-", r"[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}"),
    ("amazon_mws_key", "amzn.mws.", r"[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}"),
    ("amazon_oauth_secret", "amzn1.oa2-cs.v1.", r"[a-f0-9]{64}"),
    ("salesforce_token", "00D", r"[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,120}"),
    ("deno_token", "ddp_ ddw_", r"[A-Za-z0-9]{36}"),
    ("confluent_key", "cflt", r"[A-Za-z0-9+/]{60}"),
    (
        "bitwarden_token",
        "0.",
        r"[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/=]{24}",
    ),
    ("lark_token", "t-g10 u-g10", r"[A-Za-z0-9]{30,50}"),
    ("dingtalk_secret", "SEC", r"[a-f0-9]{64}"),
    ("cursor_key", "crsr_", r"[A-Za-z0-9]{40,70}"),
    ("apify_token", "apify_api_", r"[A-Za-z0-9]{34,40}"),
    ("clickup_token", "pk_", r"\d{6,9}_[A-Z0-9]{32}"),
    ("inngest_key", "signkey-prod- signkey-test- signkey-branch-", r"[a-f0-9]{32,64}"),
)


@dataclass(frozen=True, slots=True)
class Format:
    """One published format."""

    kind: str
    prefix: str
    body: str  # regular expression

    @property
    def pattern(self) -> re.Pattern[str]:
        """Prefix and body, where a token may begin and end."""
        return _compiled(self.prefix, self.body)


@cache
def _compiled(prefix: str, body: str) -> re.Pattern[str]:
    """Compile a format when it is first met: most never are."""
    return re.compile(rf"(?<![A-Za-z0-9_]){re.escape(prefix)}{body}(?![A-Za-z0-9_])")


FORMATS: tuple[Format, ...] = tuple(
    Format(kind, prefix, body) for kind, prefixes, body in _ROWS for prefix in prefixes.split(" ")
)
