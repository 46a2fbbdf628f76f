"""Messages from Hillside that are made one by one: wishes, kinds without words, and words that are not shown to everybody."""

from service.example.words import A, Answer, K
from service.feedback.models import WithheldReason

WISHES = (
    (
        "I would like to cook with other people again.",
        "A big pan and forty years in kitchens.",
        "A kitchen with a cooker that works.",
        "with_help",
    ),
    ("To read to children at the library.", "Time, and a loud voice.", "Somebody to do the checks.", "with_help"),
    ("A garden behind our stair.", "Spades, seeds, and six of us.", "A tap, and leave to dig.", "alone"),
    ("To get to the sea once this summer.", None, "A bus with a lift for chairs.", "done_for_us"),
    ("I want to learn to mend bikes and then mend bikes.", "A shed.", "Somebody who shows us how.", "not_sure"),
    ("A singing hour for people with bad lungs.", "I ran a choir for years.", "A warm room on a weekday.", "alone"),
)
"""What people would like, what they have, what is missing, and who could make it happen."""

ALONE = {
    K.GOOD: Answer(A.THANK_YOU, "Thank you for telling us."),
    K.NOT_GOOD: Answer(A.NEED_MORE, "We are sorry. You told us no more than that: if you like, add what happened, with your code."),
    K.IDEA: Answer(A.NEED_MORE, "We would like to hear it. You can add it with your code."),
    K.QUESTION: Answer(A.NEED_MORE, "You sent no words with your question. You can add them with your code."),
}
"""Answers to a kind without words."""

W = WithheldReason

HELD = (
    ("paths", K.NOT_GOOD, "The man with the white van at the end house blocks the path every night.", W.COULD_TELL_WHO),
    ("homes", K.NOT_GOOD, "My neighbour above us lets her bath run over. Everybody here knows which door.", W.NAMES_SOMEBODY),
    ("hub", K.NOT_GOOD, "You are all useless and I hope your building falls down.", W.ABUSIVE),
    ("health", K.NOT_GOOD, "I was there when the family with the twins came in, and this is what was wrong with them.", W.COULD_HARM),
    ("other", K.QUESTION, "Why is the motorway by the airport shut?", W.NOT_ABOUT_HERE),
    ("hub", K.IDEA, "A quiet hour for people who find the hub too loud. On second thoughts please keep this between us.", W.SENDER_ASKED),
    ("health", K.GOOD, "The only midwife at the surgery was so kind when my baby came early.", W.COULD_TELL_WHO),
)
"""Words that were offered to everybody, and why they are not shown."""
