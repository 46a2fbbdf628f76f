"""Which words a rule finds, however they are spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.feedback.models import WithheldReason
from service.moderation import rules
from service.moderation.models import Cause, Severity, Verdict
from service.moderation.phrase_models import SHIPPED

ALONE = rules.matcher_of(())


def said(*texts: str) -> tuple[Severity, Cause]:
    return rules.screen(rules.likeness(*texts), ALONE)


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ("The bench by the surgery has gone.", Severity.NONE),
        ("We hit the road at nine, and the lamp was out.", Severity.NONE),
        ("I want to kill myself", Severity.URGENT),
        ("I want to K1LL MYSE1F!!", Severity.URGENT),
        ("I want to k\u0456ll m\u0443s\u0435lf", Severity.URGENT),
        ("I want to ki\u200bll my\u00adself", Severity.URGENT),
        ("\uff4b\uff49\uff4c\uff4c \uff4d\uff59\uff53\uff45\uff4c\uff46", Severity.URGENT),
        ("He h1ts me, every n1ght", Severity.URGENT),
        ("self-harm", Severity.URGENT),
        ("Mae o'n fy nharo", Severity.URGENT),
        ("خودکشی", Severity.URGENT),
        ("There was violence in the square.", Severity.RISK),
        ("Buy now, limited offer", Severity.ODD),
    ],
)
def test_words_are_found_however_they_are_spelt(words: str, severity: Severity) -> None:
    assert said(words) == (severity, Cause.WORDS)


def test_many_links_look_like_an_advert() -> None:
    assert said("See https://one.example and http://www.two.example") == (Severity.ODD, Cause.LINKS)
    assert said("See https://www.council.example for the plan") == (Severity.NONE, Cause.WORDS)


def test_every_shipped_phrase_is_found() -> None:
    for _language, severity, phrases in SHIPPED:
        for phrase in phrases.split("|"):
            assert rules.RANK[said(f"Then {phrase}, and no more.")[0]] >= rules.RANK[severity], phrase


def test_a_place_adds_its_words_and_leaves_shipped_ones_out() -> None:
    own = rules.matcher_of((("Mr Grabber", Severity.THIRD_PARTY), ("knife", Severity.NONE)))
    assert rules.screen(rules.likeness("mr. GRABBER took it"), own)[0] == Severity.THIRD_PARTY
    assert rules.screen(rules.likeness("A knife shop opened"), own)[0] == Severity.NONE
    assert said("A knife shop opened")[0] == Severity.RISK


@given(some.text(max_size=200))
def test_any_text_can_be_screened(text: str) -> None:
    assert said(text)[0] in Severity
    assert rules.likeness(text) == rules.likeness(f"  {text}\n"), "spaces around do not matter"


@given(some.text(max_size=60), some.text(max_size=60))
def test_nothing_around_hides_what_is_urgent(before: str, after: str) -> None:
    assert said(f"{before} . kill myself . {after}")[0] == Severity.URGENT


def test_a_sender_disagrees_once_with_each_decision_that_can_change() -> None:
    for verdict in Verdict:
        assert rules.may_appeal(verdict, "abusive", appealed=False) == (verdict in (Verdict.WITHHELD, Verdict.SET_ASIDE))
        assert not rules.may_appeal(verdict, "abusive", appealed=True)
    assert not rules.may_appeal(Verdict.WITHHELD, WithheldReason.ABOUT_A_WORKER, appealed=False)
    assert not rules.may_appeal(None, None, appealed=False)
