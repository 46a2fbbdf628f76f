"""What people in Hillside say about the hub and everything else, in the same shape as in words.py."""

from service.example.words import A, Answer, K, Matter, N

HUB = (
    Matter(
        "hub",
        K.GOOD,
        (
            "I came in for the warm and stayed for the company.",
            "The lunch on Thursdays is the best hour of my week.",
            "They helped me with the form and did not make me feel stupid.",
        ),
        ("I live on my own.", "I bring a friend now."),
        (Answer(A.THANK_YOU, "Come as often as you like. The kettle is yours as well."),),
    ),
    Matter(
        "hub",
        K.NOT_GOOD,
        (
            "The hub was shut on Friday and there was no note on the door.",
            "Walked all the way down and it was closed.",
            "The opening times on the wall are not the ones you keep.",
        ),
        ("It is a long way with two children.",),
        (
            Answer(A.DONE, "The times on the wall are right now, and when we have to shut we hang a note out the evening before."),
            Answer(A.WILL_DO, "We will keep the warm room open every weekday in winter, and say here when we cannot.", None, "warm-room"),
        ),
    ),
    Matter(
        "hub",
        K.IDEA,
        (
            "A place to charge a phone and sit down, without buying anything.",
            "A shelf of tools that we can borrow.",
            "Swap shelf for school uniforms, please.",
        ),
        ("I could run it twice a month.", "Ask at the school, they are keen."),
        (
            Answer(A.DONE, "It is there since Monday, by the back door. Take what you need and leave what you can."),
            Answer(A.NEED_MORE, "Yes. Can you come by on a Wednesday and tell us what you would need?"),
        ),
    ),
    Matter(
        "hub",
        K.QUESTION,
        (
            "Is the food cupboard open in the holidays?",
            "Do I need a letter to use the food cupboard?",
            "Can I bring my dog?",
        ),
        (),
        (Answer(A.THANK_YOU, "You need no letter, and it is open in the holidays from ten to two. Dogs are welcome in the front room."),),
    ),
    Matter(
        "hub",
        K.NOT_GOOD,
        (
            "The ramp is too steep for my chair when it is wet.",
            "I cannot open that front door on my own.",
            "The toilet for disabled people is full of chairs again.",
        ),
        ("I should not have to ask every time.",),
        (
            Answer(
                A.DONE,
                "The chairs are gone and the door has a button. We asked two people who use chairs to try it, and changed its height.",
            ),
            Answer(A.ALREADY_DOING, "A new ramp is drawn and paid for. Until it is built, ring the bell at the side: there is no step."),
        ),
        area="hill-road",
    ),
    Matter(
        "hub",
        K.GOOD,
        ("یہاں کے لوگ بہت مدد کرتے ہیں۔ شکریہ۔", "میری امی کو فارم بھرنے میں مدد ملی۔"),
        (),
        (Answer(A.THANK_YOU, "بہت شکریہ۔ ہم نے آپ کی بات سب کو بتا دی ہے۔"),),
        language="ur",
    ),
    Matter(
        "hub",
        K.NOT_GOOD,
        ("فون پر کوئی اردو نہیں سمجھتا۔", "مجھے خط سمجھ نہیں آیا۔ اردو میں بھیجیں۔"),
        (),
        (Answer(A.NEED_MORE, "معاف کیجیے۔ خط کس نے بھیجا تھا؟ بدھ کو مرکز آئیں، ہم ساتھ پڑھیں گے۔"),),
        language="ur",
    ),
)

ROOM = (
    Matter(
        "hub",
        K.IDEA,
        (
            "Could the young people have the big room on Fridays?",
            "A mending evening in the big room: I can do clothes, others can do toasters.",
            "Chair exercises on a Friday, in the room with the good floor.",
        ),
        ("I would look after the key.",),
        (
            Answer(
                A.CANNOT_DO,
                "The big room is not free on Fridays.",
                "The choir has it until June. We asked, and it cannot move.",
                no_kind=N.OTHERS_FIRST,
            ),
            Answer(A.NEED_MORE, "Would another day do? Mondays are free, and so is the small room on Fridays."),
        ),
    ),
)

OTHER = (
    Matter(
        "other",
        K.NOT_GOOD,
        (
            "There is nothing for teenagers here after six.",
            "They took the goal posts away and put nothing back.",
            "Kids hang round the shop because there is nowhere else.",
        ),
        ("They are not bad kids.", "I was one of them once."),
        (
            Answer(
                A.ALREADY_DOING, "The young people are choosing between three plans for the field. You can see the drawings at the hub."
            ),
            Answer(
                A.THANK_YOU, "We are taking this to the next meeting, with the words of six others. We will write here what was decided."
            ),
        ),
    ),
    Matter(
        "other",
        K.IDEA,
        (
            "One page that says who does what. I never know whom to ask.",
            "Meet in the evening for once. We work.",
            "Say in the first line what you want from us.",
            "Send the minutes in plain words, or not at all.",
        ),
        ("It is not much to ask.", "You would hear from more of us."),
        (
            Answer(A.DONE, "You were right. The next invitation is one page, in plain words, with an evening date and a number to ring."),
            Answer(A.NEED_MORE, "We would like to. Can you tell us a little more about what would suit you?"),
        ),
    ),
    Matter(
        "other",
        K.NOT_GOOD,
        (
            "I asked the same thing in spring and heard nothing.",
            "Nobody rings back. Ever.",
            "I was passed from one desk to the next and ended where I began.",
        ),
        ("A short no would be better than silence.", "I kept a note of the names and the dates."),
        (
            Answer(
                A.DONE,
                "You are right. We found what you sent in spring and wrote to you the same day. It should not take two tries.",
            ),
            Answer(
                A.ALREADY_DOING, "We have begun to ring back within two days, and count how often we do. The number is on the results page."
            ),
        ),
    ),
    Matter(
        "other",
        K.GOOD,
        (
            "The fair on the green was lovely. More of that.",
            "I met my neighbours after eleven years, at the soup evening.",
            "Somebody planted bulbs along the wall. It made me smile.",
        ),
        (),
        (Answer(A.THANK_YOU, "So glad. The next soup evening is on the first Thursday of the month."),),
    ),
    Matter(
        "other",
        K.QUESTION,
        (
            "Who decides where the money goes?",
            "Can anybody come to the meeting where you decide?",
            "Who sits at the table, and who does not?",
        ),
        (),
        (
            Answer(
                A.THANK_YOU,
                "The partners decide together, on the second Tuesday of each month, and anybody may sit in. The notes are at the hub.",
            ),
        ),
    ),
    Matter(
        "other",
        K.QUESTION,
        (
            "What happened to the plans that we saw in the summer?",
            "You asked us about the field in June. What came of it?",
        ),
        ("I put a sticker on the map.",),
        (Answer(A.ALREADY_DOING, "The plans changed after what you all said. The new ones go up at the hub next week."),),
    ),
    Matter(
        "other",
        K.QUESTION,
        ("Pryd mae'r cyfarfod nesaf, os gwelwch yn dda?", "Oes rhywun yno sy'n siarad Cymraeg?"),
        (),
        (Answer(A.THANK_YOU, "Mae'r cyfarfod nesaf ar yr ail ddydd Mawrth o'r mis, am chwech. Bydd rhywun yno sy'n siarad Cymraeg."),),
        language="cy",
    ),
    Matter(
        "other",
        K.NOT_GOOD,
        (
            "The last bus leaves before the shop shuts, so I cannot take the job.",
            "Everything is a bus ride away and the bus does not come.",
            "No signal, no bus, no shop. You forget we are here.",
        ),
        (),
        (
            Answer(
                A.PASSED_ON,
                "The county plans the buses. It has your words, and a map of who cannot get to work.",
                "Nobody in this partnership runs the bus.",
            ),
        ),
        area="marsh-end",
    ),
)

NEWS = (
    Matter(
        "other",
        K.GOOD,
        (
            "I asked and you did it. I am telling people.",
            "The letter I got was one page and I understood it.",
            "Somebody said no to me and told me why. I can live with that.",
            "You came to our stair instead of asking us to come to you.",
        ),
        ("That is all. Thank you.", "Do more of it."),
        (Answer(A.THANK_YOU, "This made our week. Thank you for taking the time."),),
    ),
    Matter(
        "hub",
        K.NOT_GOOD,
        (
            "The form asks for things that I do not have.",
            "I had to say in front of the whole queue why I came.",
            "The computer logs you off before you are done.",
            "I was told to go online. I came because I cannot.",
        ),
        ("I left without asking.", "The lady behind me helped in the end."),
        (
            Answer(
                A.DONE,
                "You are right, and we are sorry. There is a side room now, and somebody sits down with you for as long as it takes.",
            ),
            Answer(A.WILL_DO, "We will cut the form to one page, and try it with five people before we print it.", None, "form"),
            Answer(A.NEED_MORE, "When was that? We want to find out what went wrong and put it right."),
        ),
    ),
)
