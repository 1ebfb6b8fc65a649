"""Overlapping findings become disjoint ones."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank, disjoint, outside

FINDINGS = st.lists(
    st.builds(
        lambda start, size, kind, rank: Finding(start, start + size, kind, "secret", rank),
        st.integers(0, 20),
        st.integers(1, 8),
        st.sampled_from("ab"),
        st.sampled_from(list(Rank)),
    ),
    max_size=8,
)


def covered(findings):
    return {at for finding in findings for at in range(finding.start, finding.end)}


@given(FINDINGS)
def test_nothing_is_lost_and_nothing_overlaps(findings):
    chosen = disjoint(findings)
    assert covered(chosen) == covered(findings)
    assert all(a.end <= b.start for a, b in pairwise(chosen))


@given(FINDINGS, st.integers(0, 30), st.integers(1, 9))
def test_outside_keeps_what_does_not_touch_the_others(findings, start, size):
    other = Finding(start, start + size, "o", "secret", Rank.KNOWN)
    kept = outside(findings, [other])
    assert not covered(kept) & covered([other])
    assert all(covered([f]) & covered([other]) for f in findings if f not in kept)


def test_of_equal_findings_the_first_one_names_the_kind():
    kinds = [f"kind-{number}" for number in range(40)]
    assert disjoint([Finding(0, 5, kind, "secret", Rank.CONTEXT) for kind in kinds])[0].kind == kinds[0]


def test_a_rule_of_the_team_wins_over_a_format():
    own = Finding(2, 6, "ours", "secret", Rank.OWN, "r")
    assert own in disjoint([Finding(0, 9, "f", "secret", Rank.FORMAT), own])
