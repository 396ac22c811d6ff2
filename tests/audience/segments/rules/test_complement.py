"""NOT is the exact complement: a lead matches a rule or its negation, never both and never neither."""

from functions.audience.segments.rules import segment
from tests.audience.segments.rules.leads import no, read
from tests.audience.segments.rules.random_rules import Random
from tests.soaking import histories, soaks

SEED = 20261126


OPPOSITES = {"=": "!=", "IN": "NOT_IN", "CONTAINS": "NOT_CONTAINS", "IS_SET": "IS_NOT_SET"}


@soaks
def test_every_lead_matches_a_leaf_or_its_negation() -> None:
    drawn = Random(SEED)
    leads = [drawn.facts(number) for number in range(histories(200, soaking=10_000))]
    leaves = [drawn.leaf() for _ in range(300)]
    pairs = [(leaf, read(leaf).node, read(no(leaf)).node) for leaf in leaves]
    pairs += [
        (leaf, read(leaf).node, read({**leaf, "operator": OPPOSITES[leaf["operator"]]}).node)
        for leaf in leaves
        if leaf["operator"] in OPPOSITES
    ]
    wrong = [
        (SEED, leaf, facts)
        for leaf, node, negated in pairs
        for facts in leads
        if segment.holds(node, facts) is segment.holds(negated, facts)
    ]

    assert wrong == []


@soaks
def test_the_reasons_prove_the_answer() -> None:
    drawn = Random(SEED)
    for number in range(histories(300, soaking=10_000)):
        form, facts = read(drawn.tree(), time_zone=drawn.zone(), now=drawn.now()), drawn.facts(number)
        told = segment.reasons(form.node, facts)

        assert [each for each in told if segment.holds(each.leaf, facts) is not each.holds] == [], (SEED, number)
