"""What people in Hillside say about their homes, in the shape of words.py."""

from service.example.words import A, Answer, K, Matter, N

HOMES = (
    Matter(
        "homes",
        K.NOT_GOOD,
        (
            "There is black mould on the bedroom wall again, six weeks after they painted over it.",
            "The damp is back. My son coughs every night.",
            "Mould in both bedrooms. We wipe it and it comes back.",
        ),
        ("I reported it twice before.", "Painting is not mending.", "We sleep in the front room now."),
        (
            Answer(
                A.DONE, "A surveyor came and found a cracked pipe in the wall. It is mended and the wall is dry. We paid for the paint."
            ),
            Answer(A.ALREADY_DOING, "A surveyor is coming, not a painter. You have the day and the name of the firm by letter."),
            Answer(
                A.CANNOT_DO,
                "We cannot move you this winter.",
                "Nineteen families are before you, and four homes of that size came free this year.",
                no_kind=N.OTHERS_FIRST,
            ),
        ),
    ),
    Matter(
        "homes",
        K.NOT_GOOD,
        (
            "I waited in all day for the repair man and nobody came.",
            "Third time I took a day off work for a repair and nobody turned up.",
            "They said morning. Then afternoon. Then nothing.",
        ),
        ("I lose pay for that.", "Just ring me. That is all I want."),
        (
            Answer(
                A.DONE, "It was our mistake: the visit was in the wrong diary. The tap is mended now, and we paid you for the lost day."
            ),
            Answer(
                A.WILL_DO, "You should not have to wait in for nothing. We will send a text on the morning of each visit.", None, "texts"
            ),
        ),
    ),
    Matter(
        "homes",
        K.QUESTION,
        (
            "How long is the list for a ground floor flat?",
            "Where am I on the list? Nobody can tell me on the phone.",
            "Is there any way to see my place on the housing list?",
        ),
        ("I cannot manage the stairs much longer.",),
        (
            Answer(
                A.THANK_YOU,
                "We wrote to you with your place on the list. Anybody can ask at the hub on a Wednesday and see theirs on the screen.",
            ),
            Answer(
                A.CANNOT_DO,
                "We cannot show the list on the internet.",
                "Places move every day, and other people's needs could be read from it.",
                no_kind=N.NOT_SAFE,
            ),
        ),
    ),
    Matter(
        "homes",
        K.GOOD,
        (
            "The new boiler is in and the house is warm. Thank you for chasing it.",
            "Heating mended the same day. I could not believe it.",
            "They came when they said and they took their shoes off.",
        ),
        ("Please tell the young man who came.",),
        (Answer(A.THANK_YOU, "We told the people who came. One of them has it on the wall."),),
    ),
    Matter(
        "homes",
        K.NOT_GOOD,
        (
            "The lift has been out for nine days and my mother is on the fourth floor.",
            "Lift broken again in the tall block.",
            "No lift since last week, no notice, nobody to ask.",
        ),
        ("She has missed a hospital visit.", "The carers leave early because of the stairs."),
        (
            Answer(
                A.DONE,
                "The lift runs again. For the days it did not, two wardens carried shopping up, and we should have told you so sooner.",
            ),
            Answer(
                A.WILL_DO,
                "The part is on its way. Until it is in, ring the number on the door and somebody carries things up for you.",
                task=("The part is put into the lift, and the lift runs.", "The engineer for lifts", 20),
            ),
        ),
        area="linden",
    ),
    Matter(
        "homes",
        K.IDEA,
        (
            "Ask us which repairs matter before you spend the money.",
            "Put the repair dates on the notice board so that we can all see them.",
            "Why not let one person per stair have the number of the repair firm?",
        ),
        ("We would look after it ourselves.",),
        (
            Answer(A.ALREADY_DOING, "Two stairs try this since last month. We will say at the next tenants' evening how it went."),
            Answer(A.WILL_DO, "We will ask each stair before the spring round of repairs, and put up what you chose.", None, "stairs"),
        ),
    ),
    Matter(
        "homes",
        K.NOT_GOOD,
        (
            "The bins were not emptied again and there are rats by the shed.",
            "Rats. I have seen three this week.",
            "Bin store is overflowing since the holiday.",
        ),
        ("The lids do not shut.",),
        (
            Answer(A.DONE, "The store was emptied and washed, and the lids are new. The rat man comes back twice more."),
            Answer(
                A.PASSED_ON,
                "This store belongs to the shops. Their landlord has your words and our officer's.",
                "The store is on private land.",
            ),
        ),
    ),
)

RENT = (
    Matter(
        "homes",
        K.QUESTION,
        (
            "My rent letter says one thing and the text says another. Which is it?",
            "What is the service charge for? We have no service.",
            "Can I pay weekly? I am paid weekly.",
            "Who do I tell that I lost my job?",
        ),
        ("I do not want to get behind.", "I asked on the phone and was cut off."),
        (
            Answer(A.DONE, "Somebody looked at it the same day and rang you. It is put right, and you owe nothing more."),
            Answer(A.THANK_YOU, "Come to the hub on a Wednesday with the letter. Two people there can change it while you wait."),
        ),
    ),
    Matter(
        "homes",
        K.NOT_GOOD,
        (
            "Single glazing in this day and age. There is ice on the inside.",
            "I heat one room and we all live in it.",
            "The door lets so much wind in that the letter box whistles.",
            "It costs me more to be cold here than it did to be warm in my last place.",
        ),
        ("The baby wears a hat indoors.", "The meter eats it."),
        (
            Answer(A.ALREADY_DOING, "Your block is in the second round of new windows. We wrote to you with the month."),
            Answer(A.DONE, "There is a new seal on the door, and the hub gave you the voucher for the meter. The windows come later."),
            Answer(
                A.CANNOT_DO,
                "We cannot change these windows this year.",
                "The money is for sixty homes, and the coldest were measured first.",
                no_kind=N.NO_MONEY,
            ),
        ),
    ),
)
