"""What people in Hillside say about health, in the same shape as in words.py."""

from service.example.words import A, Answer, K, Matter, N

HEALTH = (
    Matter(
        "health",
        K.NOT_GOOD,
        (
            "I rang at eight and was number thirty one in the queue.",
            "You cannot get past the phone at the surgery.",
            "By the time they pick up, the appointments are gone.",
        ),
        ("I work nights, so eight is when I go to bed.", "My hearing is bad on the phone."),
        (
            Answer(A.WILL_DO, "We will let people ask for an appointment on paper at the desk as well, all day.", None, "desk"),
            Answer(
                A.ALREADY_DOING,
                "Two more people answer from eight to ten now. We count how long people wait and will put the number up here.",
            ),
            Answer(
                A.CANNOT_DO,
                "We cannot open the lines before eight.",
                "The people who answer are at the other surgery until then.",
                no_kind=N.OTHER,
            ),
        ),
    ),
    Matter(
        "health",
        K.NOT_GOOD,
        (
            "I told my story to four people and each wrote it down again from the start.",
            "Why does nobody read what I already told the clinic?",
            "Filled in the same form three times in one week.",
        ),
        ("It is not an easy story to tell.", "The last one had it on the screen and asked anyway."),
        (
            Answer(
                A.ALREADY_DOING, "Clinic and hub try one shared sheet since last month, only for people who say yes. You can ask for it."
            ),
            Answer(
                A.CANNOT_DO,
                "We cannot join the two systems this year.",
                "The law lets us share only what you agreed to, and the old forms did not ask.",
                no_kind=N.NOT_LAWFUL,
            ),
        ),
    ),
    Matter(
        "health",
        K.GOOD,
        (
            "The nurse at the Saturday clinic had time for me.",
            "First time I did not feel rushed.",
            "She rang me two days later to ask how it went. Nobody ever did that.",
        ),
        ("Please keep Saturdays.", "I felt like a person."),
        (Answer(A.THANK_YOU, "Thank you. We read it out at the clinic, and it did us good."),),
    ),
    Matter(
        "health",
        K.NOT_GOOD,
        (
            "The bus to the hospital stops at six and visiting goes on until eight.",
            "There is no way home from the hospital in the evening without a taxi.",
            "Two buses and a walk to get to the eye clinic.",
        ),
        ("A taxi is eleven pounds.", "I turned the appointment down because of it."),
        (
            Answer(
                A.PASSED_ON,
                "The bus company has your words, with those of nine others. They answer to the county, and so did we.",
                "Nobody in this partnership runs the bus.",
            ),
            Answer(
                A.CANNOT_DO,
                "We cannot pay for taxis.",
                "There is money for people who may not travel alone, and for nobody else.",
                no_kind=N.NO_MONEY,
            ),
        ),
    ),
    Matter(
        "health",
        K.IDEA,
        (
            "Could the clinic have a quiet hour for people who cannot wait in a crowd?",
            "Put the blood tests at the hub. We are all there on a Tuesday anyway.",
            "A walking group that starts from the surgery would get people like me out.",
        ),
        ("I would help.", "Even once a month."),
        (
            Answer(A.DONE, "It started last week, Tuesdays at ten. Eight people came and all eight said they would come again."),
            Answer(A.NEED_MORE, "We like this. On which day would you come, and at what time?"),
        ),
    ),
    Matter(
        "health",
        K.QUESTION,
        (
            "Who do I ring at night when it is not 999 but it cannot wait?",
            "Is the night line still running? It rang and rang.",
            "I rang the night number from the poster and nobody came on. Is it the right one?",
        ),
        (),
        (
            Answer(A.THANK_YOU, "Ring 111 at any hour: that one is always picked up. We are finding out about the night line."),
            Answer(A.NEED_MORE, "Can you tell us which evening you rang? We want to find out why nobody picked up."),
        ),
    ),
    Matter(
        "health",
        K.NOT_GOOD,
        (
            "They changed my carer again. That is the fifth since summer.",
            "A different face every morning. I do not know who has my key.",
            "Nobody told us the carer would not come on Sunday.",
        ),
        ("It frightens my husband.",),
        (
            Answer(
                A.DONE, "Two carers now share your mornings, and you have both names. If a third has to come, somebody rings you first."
            ),
            Answer(
                A.PASSED_ON,
                "We sent this to the care firm and asked for an answer in ten days.",
                "The firm sends the carers, and we buy the hours.",
            ),
        ),
    ),
    Matter(
        "health",
        K.GOOD,
        (
            "Roedd y nyrs yn siarad Cymraeg gyda fy mam. Diolch o galon.",
            "Diolch am y clinig ar ddydd Sadwrn.",
        ),
        (),
        (Answer(A.THANK_YOU, "Diolch yn fawr am ddweud. Byddwn yn rhoi eich neges i'r nyrs."),),
        language="cy",
    ),
)
